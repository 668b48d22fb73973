import { failure } from "../errors.ts";
import type { Work } from "../tasks.ts";
import { acquire } from "./acquire.ts";
import type { MoveOptions } from "./move-options.ts";
import {
  duration,
  enterPhase,
  type Move,
  messageOf,
  requireMovable,
  requireTarget,
} from "./transfer.ts";
import { copyVolumes, renameStorages, requireStorages, volumesToCopy } from "./volumes.ts";

const SHUTDOWN_MS = 3000;
const START_MS = 2000;

/** The worker of a container's migration: shut down if it runs, copy local volumes, switch, start again. */
export function* migrateContainer(move: Move, options: MoveOptions): Work {
  const { cluster, guest, task, target } = move;
  yield* acquire(guest, task);
  const wasRunning = guest.running;
  let locked = false;
  try {
    yield 1000;
    prepare(move, options);
    task.logTimed(`starting migration of CT ${guest.vmid} to node '${target.name}' (${target.ip})`);
    guest.config.set("lock", "migrate");
    locked = true;
    if (wasRunning) yield* shutDown(move, options);
    enterPhase(move, "disks");
    const volumes = volumesToCopy(cluster, guest, options.storages);
    yield* copyVolumes(move, volumes, options.storages, false);
    enterPhase(move, "memory");
    yield cluster.speed.overheadMs * 0.2;
    requireTarget(move);
    enterPhase(move, "switch");
  } catch (error) {
    if (locked) guest.config.delete("lock");
    restartAtSource(move, wasRunning);
    task.logTimed(`ERROR: migration aborted (duration ${duration(move)}): ${messageOf(error)}`);
    throw new Error("migration aborted");
  }
  renameStorages(guest, volumesToCopy(cluster, guest, options.storages), options.storages);
  guest.node = target.name;
  return yield* finish(move, wasRunning);
}

function prepare(move: Move, options: MoveOptions): void {
  const { cluster, guest, target } = move;
  enterPhase(move, "prepare");
  requireMovable(move, "lxc");
  if (guest.running && options.online) {
    throw failure("lxc live migration is currently not implemented");
  }
  if (guest.running && !options.restart) {
    throw failure("can't migrate running container without --online or --restart");
  }
  const bound = [...guest.config].find(([key, value]) => /^mp\d+$/.test(key) && isBind(value));
  if (bound) throw failure(`cannot migrate local bind mount point '${bound[0]}'`);
  requireStorages(cluster, guest, target.name, options.storages);
  const local = volumesToCopy(cluster, guest, options.storages);
  if (local.length > 0 && guest.snapshots.size > 0) {
    throw failure("cannot migrate local volume with snapshots to a storage that has none of them");
  }
}

// A mount of the host's own directory can follow only when it is said to be shared.
function isBind(value: string | number): boolean {
  return String(value).startsWith("/") && !String(value).includes("shared=1");
}

function* shutDown(move: Move, options: MoveOptions): Generator<number, undefined, undefined> {
  move.task.logTimed(`shutdown CT ${move.guest.vmid}`);
  const needed = Math.min(SHUTDOWN_MS, options.timeoutSeconds * 1000);
  yield needed;
  move.guest.running = false;
  return undefined;
}

function restartAtSource(move: Move, wasRunning: boolean): void {
  const { guest, task, cluster, source } = move;
  if (!wasRunning || guest.running) return;
  task.logTimed("start container on source node");
  if (!source.online) return;
  guest.running = true;
  guest.startedAt = cluster.clock.now();
}

function* finish(move: Move, wasRunning: boolean): Work {
  const { cluster, guest, task, target } = move;
  try {
    task.logTimed("start final cleanup");
    yield cluster.speed.overheadMs * 0.1;
    guest.config.delete("lock");
    enterPhase(move, "cleanup");
    if (wasRunning) {
      task.logTimed("start container on target node");
      yield START_MS;
      requireTarget(move);
      guest.running = true;
      guest.startedAt = cluster.clock.now();
    }
  } catch (error) {
    guest.config.delete("lock");
    task.logTimed(`ERROR: ${messageOf(error)}`);
    task.logTimed(`ERROR: migration finished with problems (duration ${duration(move)})`);
    throw new Error("migration problems");
  }
  if (cluster.faults.takeWork("task-warns", move.type, guest.vmid, "cleanup")) {
    task.warn(`could not remove the old volumes after the move to ${target.name}`);
  }
  task.logTimed(`migration finished successfully (duration ${duration(move)})`);
  return undefined;
}
