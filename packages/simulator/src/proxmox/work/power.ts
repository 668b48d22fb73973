import { failure } from "../errors.ts";
import type { Cluster } from "../state/cluster.ts";
import { isTemplate, lockOf } from "../state/config.ts";
import type { Guest } from "../state/types.ts";
import type { TaskHandle, Work } from "../tasks.ts";
import { acquire } from "./acquire.ts";

/** What can be done to the power of a guest. */
export type PowerVerb = "start" | "stop" | "shutdown" | "reboot" | "reset" | "suspend" | "resume";

/** Options of {@link startPower}. */
export interface PowerOptions {
  /** `user@realm` or `user@realm!token` that the task belongs to. */
  readonly user: string;
  /** How long a guest gets to shut down. Default 180. */
  readonly timeoutSeconds?: number | undefined;
  /** Pull the plug when it does not. */
  readonly forceStop?: boolean | undefined;
  /** Suspend to disk: the VM ends up stopped, with its memory saved. */
  readonly toDisk?: boolean | undefined;
  readonly skipLock?: boolean | undefined;
}

const DURATION_MS: Readonly<Record<PowerVerb, number>> = {
  start: 2500,
  stop: 1500,
  shutdown: 4000,
  reboot: 6000,
  reset: 500,
  suspend: 1000,
  resume: 500,
};

/** Starts the task that changes the power of a guest and returns its UPID. */
export function startPower(
  cluster: Cluster,
  guest: Guest,
  verb: PowerVerb,
  options: PowerOptions,
  finished?: (exitstatus: string) => void,
): string {
  const subject = {
    node: guest.node,
    type: taskType(guest, verb, options),
    id: String(guest.vmid),
    user: options.user,
  };
  const work = (task: TaskHandle): Work => run(cluster, guest, verb, options, task, subject.type);
  return cluster.tasks.start(subject, work, finished);
}

function taskType(guest: Guest, verb: PowerVerb, options: PowerOptions): string {
  if (verb === "suspend" && guest.kind === "qemu") return options.toDisk ? "qmsuspend" : "qmpause";
  return `${guest.kind === "qemu" ? "qm" : "vz"}${verb}`;
}

function* run(
  cluster: Cluster,
  guest: Guest,
  verb: PowerVerb,
  options: PowerOptions,
  task: TaskHandle,
  type: string,
): Work {
  const word = guest.kind === "qemu" ? "VM" : "CT";
  if (!options.skipLock) yield* acquire(guest, task);
  const fault = cluster.faults.takeWork("task-fails", type, guest.vmid, "prepare");
  if (fault) throw failure(fault.text ?? `simulated failure of ${type}`);
  refuse(guest, verb, options, word);
  task.log(`${verb} ${word} ${guest.vmid}`);
  yield DURATION_MS[verb];
  change(cluster, guest, verb, options);
  if (cluster.faults.takeWork("task-warns", type, guest.vmid, "cleanup")) {
    task.warn("simulated warning");
  }
  return undefined;
}

function refuse(guest: Guest, verb: PowerVerb, options: PowerOptions, word: string): void {
  const lock = lockOf(guest);
  const isWaking = verb === "start" && lock === "suspended";
  if (lock !== undefined && !options.skipLock && !isWaking) {
    throw failure(`${word} is locked (${lock})`);
  }
  if (verb === "start" && guest.running) throw failure(`${word} ${guest.vmid} already running`);
  if (verb === "start" && isTemplate(guest))
    throw failure("you can't start a vm if it's a template");
  const needsLife = verb !== "start" && verb !== "stop" && verb !== "shutdown";
  if (needsLife && !guest.running) throw failure(`${word} ${guest.vmid} not running`);
}

function change(cluster: Cluster, guest: Guest, verb: PowerVerb, options: PowerOptions): void {
  switch (verb) {
    case "start":
    case "reboot":
    case "reset":
      guest.running = true;
      guest.paused = false;
      guest.startedAt = cluster.clock.now();
      if (guest.config.get("lock") === "suspended") guest.config.delete("lock");
      return;
    case "stop":
    case "shutdown":
      guest.running = false;
      guest.paused = false;
      return;
    case "suspend":
      if (options.toDisk) {
        guest.running = false;
        guest.config.set("lock", "suspended");
        return;
      }
      guest.paused = true;
      return;
    case "resume":
      guest.paused = false;
  }
}
