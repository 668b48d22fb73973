import { type Call, needs, type Operation } from "../api/operation.ts";
import { configId, flag, nodeName, optional, text, vmid } from "../api/schema.ts";
import { failure } from "../errors.ts";
import { digestOf, lockOf } from "../state/config.ts";
import type { Guest, GuestKind } from "../state/types.ts";
import type { TaskHandle } from "../tasks.ts";
import { acquire } from "../work/acquire.ts";
import { guestOfCall } from "./guest-of-call.ts";

const KINDS: readonly GuestKind[] = ["qemu", "lxc"];
const one = { node: nodeName, vmid };

/** Saving and restoring the state of guests. */
export const snapshotOperations: readonly Operation[] = KINDS.flatMap((kind) => {
  const base = `/nodes/{node}/${kind}/{vmid}/snapshot`;
  const prefix = kind === "qemu" ? "qm" : "vz";
  const write = { isProxied: true, permission: needs("/vms/{vmid}", "VM.Snapshot") } as const;
  return [
    {
      ...write,
      method: "POST",
      path: base,
      named: {
        ...one,
        snapname: configId,
        description: optional(text),
        ...(kind === "qemu" ? { vmstate: optional(flag) } : {}),
      },
      run: (call) => start(call, kind, `${prefix}snapshot`, "snapshot", take),
    },
    {
      ...write,
      method: "DELETE",
      path: `${base}/{snapname}`,
      named: { ...one, snapname: configId, force: optional(flag) },
      run: (call) => start(call, kind, `${prefix}delsnapshot`, "snapshot-delete", remove),
    },
    {
      ...write,
      method: "POST",
      path: `${base}/{snapname}/rollback`,
      permission: needs("/vms/{vmid}", "VM.Snapshot", "VM.Snapshot.Rollback"),
      named: { ...one, snapname: configId, start: optional(flag) },
      run: (call) => start(call, kind, `${prefix}rollback`, "rollback", restore),
    },
  ] satisfies readonly Operation[];
});

function start(
  call: Call,
  kind: GuestKind,
  type: string,
  lock: string,
  change: (call: Call, guest: Guest) => void,
): string {
  const guest = guestOfCall(call, kind);
  const subject = {
    node: call.node.name,
    type,
    id: String(guest.vmid),
    user: call.identity.subject,
  };
  return call.cluster.tasks.start(subject, function* (task: TaskHandle) {
    yield* acquire(guest, task);
    const held = lockOf(guest);
    const word = kind === "qemu" ? "VM" : "CT";
    if (held !== undefined) throw failure(`${word} is locked (${held})`);
    const fault = call.cluster.faults.takeWork("task-fails", type, guest.vmid, "prepare");
    if (fault) throw failure(fault.text ?? `simulated failure of ${type}`);
    check(call, guest, type);
    guest.config.set("lock", lock);
    yield 2000;
    guest.config.delete("lock");
    change(call, guest);
    return undefined;
  });
}

function check(call: Call, guest: Guest, type: string): void {
  const name = call.text("snapname");
  const exists = guest.snapshots.has(name);
  if (!type.endsWith("snapshot") || type.endsWith("delsnapshot")) {
    if (!exists) throw failure(`snapshot '${name}' does not exist`);
    return;
  }
  if (exists) throw failure(`snapshot name '${name}' already used`);
  if (name === "current") throw failure("unable to use snapshot name 'current' (reserved name)");
}

function take(call: Call, guest: Guest): void {
  const name = call.text("snapname");
  guest.snapshots.set(name, {
    name,
    description: call.text("description"),
    takenAt: call.cluster.clock.now(),
    parent: guest.currentSnapshot,
    withMemory: call.flag("vmstate"),
    config: new Map(guest.config),
    digest: digestOf(guest.config),
  });
  guest.currentSnapshot = name;
}

function remove(call: Call, guest: Guest): void {
  const name = call.text("snapname");
  const gone = guest.snapshots.get(name);
  guest.snapshots.delete(name);
  for (const [key, saved] of guest.snapshots) {
    if (saved.parent === name) guest.snapshots.set(key, { ...saved, parent: gone?.parent });
  }
  if (guest.currentSnapshot === name) guest.currentSnapshot = gone?.parent;
}

function restore(call: Call, guest: Guest): void {
  const saved = guest.snapshots.get(call.text("snapname"));
  if (!saved) return;
  guest.config = new Map(saved.config);
  guest.currentSnapshot = saved.name;
  guest.running = saved.withMemory || call.flag("start");
  guest.startedAt = call.cluster.clock.now();
}
