import { failure } from "../errors.ts";
import type { Phase } from "../faults.ts";
import type { Cluster } from "../state/cluster.ts";
import { lockOf } from "../state/config.ts";
import { loseNode } from "../state/nodes.ts";
import type { Guest, Node } from "../state/types.ts";
import type { TaskHandle } from "../tasks.ts";

/** A move that is being worked on. */
export interface Move {
  readonly cluster: Cluster;
  readonly guest: Guest;
  readonly source: Node;
  readonly target: Node;
  readonly task: TaskHandle;
  /** `qmigrate` or `vzmigrate`. */
  readonly type: string;
  readonly startedAt: number;
  readonly limitBytesPerSecond: number | undefined;
}

/** What `copy` moves and how it tells about it. */
export interface CopyOptions {
  readonly bytes: number;
  readonly bytesPerSecond: number;
  /** Called after each step with what has arrived in all. */
  readonly progress: (transferred: number, rate: number) => void;
}

const STEP_MS = 1000;

/** Checks at the start of a phase whether something was asked to go wrong there. Throws what the task dies of. */
export function enterPhase(move: Move, phase: Phase): void {
  const { cluster, guest, type } = move;
  const lost = cluster.faults.takeWork("node-lost", type, guest.vmid, phase);
  if (lost) {
    const node = lost.node === "source" ? move.source : move.target;
    // Later, so that the worker is not pulled away from under its own feet.
    cluster.clock.after(0, () => loseNode(cluster, node.name));
  }
  const fault = cluster.faults.takeWork("task-fails", type, guest.vmid, phase);
  if (fault) throw failure(fault.text ?? `simulated failure in phase ${phase}`);
}

/** Throws what every migration dies of before it begins: a guest that has gone, a lock, a node out of reach. */
export function requireMovable(move: Move, folder: "qemu-server" | "lxc"): void {
  const { cluster, guest, source, target } = move;
  if (guest.node !== source.name || !cluster.guests.has(guest.vmid)) {
    throw failure(
      `Configuration file 'nodes/${source.name}/${folder}/${guest.vmid}.conf' does not exist`,
    );
  }
  const lock = lockOf(guest);
  if (lock !== undefined) throw failure(`${folder === "lxc" ? "CT" : "VM"} is locked (${lock})`);
  if (!target.online) throw failure("Can't connect to destination address using public key");
}

/** Moves bytes to the target in steps of a second; moves at the same time share the network. */
export function* copy(move: Move, options: CopyOptions): Generator<number, number, undefined> {
  const { cluster, source, target } = move;
  const end = cluster.links.begin(source.name, target.name);
  move.task.onEnd(end);
  const begun = cluster.clock.now();
  let left = options.bytes;
  while (left > 0) {
    const rate = rateOf(move, options.bytesPerSecond);
    const step = Math.min(STEP_MS, (left / rate) * 1000);
    yield step;
    requireTarget(move);
    left = Math.max(0, left - (rate * step) / 1000);
    if (left < 1) left = 0;
    options.progress(options.bytes - left, rate);
  }
  end();
  return (cluster.clock.now() - begun) / 1000;
}

/** What a transfer of the move gets right now: its share of the network, and no more than it may use. */
export function rateOf(move: Move, bytesPerSecond: number): number {
  const share = move.cluster.links.share(move.source.name, move.target.name, bytesPerSecond);
  return Math.min(share, move.limitBytesPerSecond ?? share);
}

/** Throws when the target went away in the middle. */
export function requireTarget(move: Move): void {
  if (move.target.online) return;
  throw failure(`tunnel to node '${move.target.name}' broke: connection reset`);
}

/** Time since the move began, as task logs print it. */
export function duration(move: Move): string {
  const seconds = Math.floor((move.cluster.clock.now() - move.startedAt) / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

/** Bytes as task logs print them. */
export function binary(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value.toFixed(1)} ${units[unit] ?? "B"}`;
}

/** The text of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
