import { failure } from "../errors.ts";
import { missingMappings } from "../state/cluster.ts";
import { localResourcesOf, memoryOf } from "../state/config.ts";
import type { Work } from "../tasks.ts";
import { acquire } from "./acquire.ts";
import type { MoveOptions } from "./move-options.ts";
import {
  binary,
  copy,
  duration,
  enterPhase,
  type Move,
  messageOf,
  rateOf,
  requireMovable,
  requireTarget,
} from "./transfer.ts";
import { copyVolumes, renameStorages, requireStorages, volumesToCopy } from "./volumes.ts";

const DOWNTIME_SECONDS = 0.1;
const MAXIMUM_ROUNDS = 60;

/** The worker of a VM's migration: prepare, copy local disks, copy memory in rounds, switch, clean up. */
export function* migrateVm(move: Move, options: MoveOptions): Work {
  const { guest, task, target } = move;
  yield* acquire(guest, task);
  let copying = false;
  try {
    yield 1000;
    prepare(move, options);
    task.logTimed(`starting migration of VM ${guest.vmid} to node '${target.name}' (${target.ip})`);
    guest.config.set("lock", "migrate");
    copying = true;
    if (guest.running) yield* runLive(move, options);
    else yield* runOffline(move, options);
    requireTarget(move);
    enterPhase(move, "switch");
  } catch (error) {
    if (copying) guest.config.delete("lock");
    throw giveUp(move, error, copying && guest.running);
  }
  renameStorages(guest, volumesToCopy(move.cluster, guest, options.storages), options.storages);
  guest.node = target.name;
  move.cluster.links.setArrived(target.name, guest.vmid, 0);
  return yield* finish(move);
}

function prepare(move: Move, options: MoveOptions): void {
  const { cluster, guest, target } = move;
  enterPhase(move, "prepare");
  requireMovable(move, "qemu-server");
  if (guest.running && !options.online) {
    throw failure("can't migrate running VM without --online");
  }
  const devices = localResourcesOf(guest);
  if (devices.length > 0 && (guest.running || !options.force)) {
    throw failure(`can't migrate VM which uses local devices: ${devices.join(", ")}`);
  }
  const missing = missingMappings(cluster, guest, target.name);
  if (missing.length > 0) {
    throw failure(
      `can't migrate to '${target.name}': missing mapped devices ${missing.join(", ")}`,
    );
  }
  requireStorages(cluster, guest, target.name, options.storages);
  const local = volumesToCopy(cluster, guest, options.storages);
  if (local.length === 0) return;
  const problem = "Problem found while scanning volumes -";
  if (guest.running && !options.withLocalDisks) {
    throw failure(
      `${problem} can't live migrate attached local disks without with-local-disks option`,
    );
  }
  if (guest.snapshots.size === 0) return;
  throw failure(
    guest.running
      ? `${problem} online storage migration not possible if non-replicated snapshot exists`
      : `${problem} non-migratable snapshot exists`,
  );
}

function* runOffline(move: Move, options: MoveOptions): Generator<number, undefined, undefined> {
  enterPhase(move, "disks");
  const volumes = volumesToCopy(move.cluster, move.guest, options.storages);
  yield* copyVolumes(move, volumes, options.storages, false);
  enterPhase(move, "memory");
  yield 500;
  return undefined;
}

function* runLive(move: Move, options: MoveOptions): Generator<number, undefined, undefined> {
  const { cluster, guest, task, target } = move;
  const volumes = volumesToCopy(cluster, guest, options.storages);
  for (const volume of volumes) {
    task.logTimed(`found local disk '${volume.volid}' (attached)`);
  }
  task.logTimed(`starting VM ${guest.vmid} on remote node '${target.name}'`);
  yield cluster.speed.overheadMs * 0.4;
  requireTarget(move);
  task.logTimed("start remote tunnel");
  enterPhase(move, "disks");
  if (volumes.length > 0) {
    task.logTimed("starting storage migration");
    yield* copyVolumes(move, volumes, options.storages, true);
    task.log("all 'mirror' jobs are ready");
  }
  enterPhase(move, "memory");
  yield* copyMemory(move);
  task.logTimed("migration status: completed");
  return undefined;
}

// The first round carries all memory that is in use; each further one what was rewritten meanwhile, until the
// rest fits into the allowed downtime, which grows when a round brings nothing.
function* copyMemory(move: Move): Generator<number, undefined, undefined> {
  const { cluster, guest, task, target } = move;
  const speed = cluster.speed.memoryBytesPerSecond;
  const total = binary(memoryOf(guest));
  task.logTimed(`starting online/live migration on unix:/run/qemu-server/${guest.vmid}.migrate`);
  task.logTimed("set migration capabilities");
  task.logTimed("migration downtime limit: 100 ms");
  task.logTimed(`start migrate command to unix:/run/qemu-server/${guest.vmid}.migrate`);
  task.onEnd(() => cluster.links.setArrived(target.name, guest.vmid, 0));
  let downtime = DOWNTIME_SECONDS;
  let sent = 0;
  let round = guest.memoryBytes;
  for (let rounds = 0; rounds < MAXIMUM_ROUNDS; rounds++) {
    const before = sent;
    const seconds = yield* copy(move, {
      bytes: round,
      bytesPerSecond: speed,
      progress: (done, rate) => {
        sent = before + done;
        cluster.links.setArrived(target.name, guest.vmid, Math.min(sent, guest.memoryBytes));
        task.logTimed(
          `migration active, transferred ${binary(sent)} of ${total} VM-state, ${binary(rate)}/s`,
        );
      },
    });
    const dirty = Math.min(guest.memoryBytes, guest.dirtyBytesPerSecond * seconds);
    if (dirty <= rateOf(move, speed) * downtime) break;
    if (dirty >= round * 0.9) {
      downtime *= 2;
      task.logTimed(`auto-increased downtime to continue migration: ${downtime * 1000} ms`);
    }
    round = dirty;
  }
  yield downtime * 1000;
  requireTarget(move);
  task.logTimed(`average migration speed: ${binary(speed)}/s - downtime ${downtime * 1000} ms`);
  task.logTimed(`migration completed, transferred ${binary(sent)} VM-state`);
  return undefined;
}

function* finish(move: Move): Work {
  const { cluster, guest, task } = move;
  try {
    yield cluster.speed.overheadMs * (guest.running ? 0.4 : 0.1);
    guest.config.delete("lock");
    enterPhase(move, "cleanup");
  } catch (error) {
    guest.config.delete("lock");
    task.logTimed(`ERROR: ${messageOf(error)}`);
    task.logTimed(`ERROR: migration finished with problems (duration ${duration(move)})`);
    throw new Error("migration problems");
  }
  if (cluster.faults.takeWork("task-warns", move.type, guest.vmid, "cleanup")) {
    task.warn("could not remove all leftovers on the source");
  }
  task.logTimed(`migration finished successfully (duration ${duration(move)})`);
  return undefined;
}

// Whatever fails before the switch leaves the guest where it was; a live one ran on all the time.
function giveUp(move: Move, error: unknown, wasLive: boolean): Error {
  const { guest, task, cluster, target } = move;
  cluster.links.setArrived(target.name, guest.vmid, 0);
  if (!wasLive) {
    task.logTimed(`ERROR: migration aborted (duration ${duration(move)}): ${messageOf(error)}`);
    return new Error("migration aborted");
  }
  task.logTimed(`ERROR: online migrate failure - ${messageOf(error)}`);
  task.logTimed("aborting phase 2 - cleanup resources");
  task.logTimed("migrate_cancel");
  task.logTimed(`ERROR: migration finished with problems (duration ${duration(move)})`);
  return new Error("migration problems");
}
