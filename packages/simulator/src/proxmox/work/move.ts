import { type Cluster, type MoveRecord, requireNode } from "../state/cluster.ts";
import type { Guest } from "../state/types.ts";
import type { TaskHandle, Work } from "../tasks.ts";
import { migrateContainer } from "./migrate-container.ts";
import { migrateVm } from "./migrate-vm.ts";
import type { MoveOptions } from "./move-options.ts";
import type { Move } from "./transfer.ts";

/** Starts the task that moves a guest and returns its UPID; `finished` hears the exit status. */
export function startMove(
  cluster: Cluster,
  guest: Guest,
  options: MoveOptions,
  finished?: (exitstatus: string) => void,
): string {
  const source = requireNode(cluster, guest.node);
  const target = requireNode(cluster, options.target);
  const type = guest.kind === "qemu" ? "qmigrate" : "vzmigrate";
  const startedAt = cluster.clock.now();
  const work = (task: TaskHandle): Work => {
    const { limitBytesPerSecond } = options;
    const move: Move = {
      cluster,
      guest,
      source,
      target,
      task,
      type,
      startedAt,
      limitBytesPerSecond,
    };
    return guest.kind === "qemu" ? migrateVm(move, options) : migrateContainer(move, options);
  };
  const subject = { node: source.name, type, id: String(guest.vmid), user: options.user };
  const upid = cluster.tasks.start(subject, work, (exitstatus) => {
    record.endedAt = cluster.clock.now();
    record.exitstatus = exitstatus;
    finished?.(exitstatus);
  });
  const record: MoveRecord = {
    guest: guest.vmid,
    from: source.name,
    to: target.name,
    upid,
    startedAt,
    endedAt: undefined,
    exitstatus: undefined,
  };
  cluster.moves.push(record);
  return upid;
}
