import type { MigrateResult } from "../../contract/capabilities.ts";
import { Kappa4Error, OperationFailedError, type Outcome } from "../../contract/errors.ts";
import type { Operation } from "../../contract/operation.ts";
import type { Look } from "../../transport/wait.ts";
import type { CallInfo } from "./api.ts";
import { cancelTask } from "./cancel.ts";
import {
  guestContext,
  guestsOf,
  type ProxmoxContext,
  readResources,
  type SeenGuest,
  sidOf,
} from "./context.ts";
import { explainHaRefusal } from "./ha.ts";
import { failedLook, followedOperation, runningLook, succeeded } from "./operation.ts";
import { readGuestState } from "./power.ts";
import { listTasks, parseUpid, type TaskSight, type TaskWatch, watchTask } from "./tasks.ts";
import { type MigrateTicket, writeTicket } from "./ticket.ts";

/** A task that is not known right after its start may still show up. */
const FORGOTTEN_MS = 30_000;
/** A node that is away for longer leaves the outcome unknown. */
const LOST_MS = 300_000;
/** The HA manager acts in rounds of 10 s; after this many without a sign it has refused. */
const HA_SILENCE_MS = 60_000;
/** After its task a guest shows up on its node within the rounds of the status daemon, which take 10 s. */
const ARRIVAL_MS = 120_000;

type LookResult = Look<MigrateResult>;

/**
 * Follows a move to the truth: the guest is on the target, and runs if it ran. It watches the task; with HA
 * the task is only the request, and the real one is found by guest and start time; without any task, or when its
 * node is lost, it watches the guest.
 */
export function followMigration(
  context: ProxmoxContext,
  ticket: MigrateTicket,
): Operation<MigrateResult> {
  const token = writeTicket(ticket);
  const names = {
    id: ticket.upid ?? "unknown",
    token,
    name: `migrate of ${sidOf(ticket)} on "${context.connection}"`,
    context: guestContext(context, "migrate", ticket),
  };
  return followedOperation(context, names, new MigrationFollower(context, ticket));
}

class MigrationFollower {
  readonly #context: ProxmoxContext;
  readonly #ticket: MigrateTicket;
  readonly #info: CallInfo;
  readonly #warnings: string[] = [];
  #watch: TaskWatch | undefined;
  #phase: "task" | "ha" | "guest" | "arrival";
  /** When the present way of not seeing anything began. */
  #since: number | undefined;
  #isCancelled = false;

  constructor(context: ProxmoxContext, ticket: MigrateTicket) {
    this.#context = context;
    this.#ticket = ticket;
    this.#info = { operation: "migrate", target: sidOf(ticket) };
    const upid = parseUpid(ticket.upid);
    this.#phase = upid === undefined ? "guest" : "task";
    if (upid !== undefined) {
      this.#watch = watchTask(context, upid, this.#info, upid.type === "qmigrate");
    }
  }

  async look(signal: AbortSignal | undefined): Promise<LookResult> {
    const info = { ...this.#info, signal };
    if (this.#phase === "task") return this.#lookAtTask(info);
    if (this.#phase === "ha") return this.#lookForHaTask(info);
    if (this.#phase === "guest") return this.#lookAtGuest(info);
    return this.#lookForArrival(info);
  }

  async cancel(
    signal: AbortSignal | undefined,
  ): Promise<"requested" | "not_supported" | "too_late"> {
    if (this.#phase === "arrival") return "too_late";
    if (this.#phase !== "task" || this.#watch === undefined) return "not_supported";
    const answer = await cancelTask(this.#context, this.#watch.upid, { ...this.#info, signal });
    if (answer === "requested") this.#isCancelled = true;
    return answer;
  }

  async #lookAtTask(info: CallInfo): Promise<LookResult> {
    const watch = this.#watch as TaskWatch;
    const sight = await watch.look(info.signal);
    if (sight.kind === "running") {
      this.#since = undefined;
      const progress = sight.progress === null ? null : Math.min(0.99, sight.progress);
      const startedAt = new Date(watch.upid.startedAt * 1000);
      return runningLook("running", sight.stage ?? "migrating", progress, startedAt);
    }
    if (sight.kind === "ended") return this.#taskEnded(sight, watch, info);
    const limit = sight.kind === "lost" ? LOST_MS : FORGOTTEN_MS;
    const guest = await this.#findGuest(info);
    if (guest?.node === this.#ticket.target) return this.#arrive(info);
    if (this.#silentFor() < limit) return runningLook("unknown", `the task is ${sight.kind}`);
    return failedLook(this.#vanished(sight.kind, guest));
  }

  async #taskEnded(
    sight: Extract<TaskSight, { kind: "ended" }>,
    watch: TaskWatch,
    info: CallInfo,
  ): Promise<LookResult> {
    this.#since = undefined;
    const isRequest = watch.upid.type === "hamigrate";
    if (sight.ok && isRequest) {
      this.#phase = "ha";
      return this.#lookForHaTask(info);
    }
    this.#warnings.push(...sight.warnings);
    if (sight.ok) return this.#arrive(info);
    const guest = await this.#findGuest(info);
    if (guest?.node === this.#ticket.target) {
      this.#warnings.push(`the task ended with "${sight.exit}" although the guest arrived`);
      return this.#arrive(info);
    }
    if (isRequest) return failedLook(await this.#haRefusal(info, sight.log));
    const state = this.#isCancelled ? "cancelled" : "failed";
    return failedLook(this.#taskFailed(sight, guest), state);
  }

  /** With HA the real task comes later, from root@pam: only those with Sys.Audit on the node see it. */
  async #lookForHaTask(info: CallInfo): Promise<LookResult> {
    const { node, vmid, type, target } = this.#ticket;
    const request = this.#watch?.upid;
    const real = type === "qemu" ? "qmigrate" : "vzmigrate";
    const tasks = await listTasks(this.#context, node, vmid, { ...info, retries: 1 }).catch(
      (error: unknown) => {
        if (Kappa4Error.is(error, "unavailable")) return [];
        throw error;
      },
    );
    // Both tasks start on the source, so their times are of one clock.
    const found = tasks
      .filter((task) => task.type === real && task.startedAt >= (request?.startedAt ?? 0))
      .sort((a, b) => b.startedAt - a.startedAt)[0];
    if (found !== undefined) {
      this.#watch = watchTask(this.#context, found, this.#info, type === "qemu");
      this.#phase = "task";
      this.#since = undefined;
      return this.#lookAtTask(info);
    }
    const rows = await readResources(this.#context, info);
    const guest = guestsOf(rows).find((candidate) => candidate.vmid === vmid);
    if (guest?.node === target) return this.#arrive(info);
    const state = guest?.row.hastate ?? "";
    if (["migrate", "relocate"].includes(state) || guest?.row.lock === "migrate") {
      this.#since = undefined;
      return runningLook("running", "the HA manager moves it");
    }
    if (this.#silentFor() < HA_SILENCE_MS) {
      return runningLook("pending", "the HA manager has been asked");
    }
    return failedLook(await this.#haRefusal(info, [], guest));
  }

  /** There is no task to watch: what counts is where the guest comes to rest. */
  async #lookAtGuest(info: CallInfo): Promise<LookResult> {
    const { node, target } = this.#ticket;
    const guest = await this.#findGuest(info);
    if (guest?.node === target) return this.#arrive(info);
    const isResting =
      guest !== undefined && guest.row.lock === undefined && guest.row.status !== "unknown";
    if (!isResting || ["migrate", "relocate"].includes(guest.row.hastate ?? "")) {
      // A guest that moves for hours is well; one on a node that does not report is not.
      const isMoving = guest !== undefined && guest.row.status !== "unknown";
      if (isMoving) this.#since = undefined;
      if (this.#silentFor() < LOST_MS) return runningLook("unknown", "only the guest can be seen");
      return failedLook(this.#vanished("lost", guest));
    }
    if (this.#silentFor() < FORGOTTEN_MS)
      return runningLook("unknown", "only the guest can be seen");
    const where = guest.node === node ? `is still on ${node}` : `is on ${guest.node}`;
    return failedLook(this.#error(`it ${where} and nothing moves it`, "not_applied"));
  }

  #arrive(info: CallInfo): Promise<LookResult> {
    this.#phase = "arrival";
    this.#since = undefined;
    return this.#lookForArrival(info);
  }

  async #lookForArrival(info: CallInfo): Promise<LookResult> {
    const { target, ran } = this.#ticket;
    const guest = await this.#findGuest(info);
    const silentMs = this.#silentFor();
    if (guest?.node === target) {
      const isThere = ran ? ["running", "paused"].includes(guest.row.status ?? "") : true;
      const isFree = guest.row.lock !== "migrate" || silentMs >= FORGOTTEN_MS;
      if (isThere && isFree) return this.#done();
      // The list may lag behind by half a minute; the node itself knows.
      if (isFree && silentMs >= FORGOTTEN_MS && (await this.#runsOnTarget(info)))
        return this.#done();
    }
    if (silentMs < ARRIVAL_MS) return runningLook("running", `waiting for it on ${target}`, 0.99);
    if (guest?.node === target) {
      return failedLook(this.#error(`it is on ${target} but does not run; start it`, "applied"));
    }
    return failedLook(
      this.#error(`its task ended, but it is seen on ${guest?.node ?? "no node"}`, "unknown"),
    );
  }

  async #runsOnTarget(info: CallInfo): Promise<boolean> {
    const { vmid, type, target } = this.#ticket;
    try {
      return (
        (await readGuestState(this.#context, { vmid, type, node: target }, info)) !== "stopped"
      );
    } catch (error) {
      if (Kappa4Error.is(error)) return false;
      throw error;
    }
  }

  #done(): LookResult {
    const warnings = [...this.#warnings];
    return {
      status: succeeded(warnings),
      result: { value: { node: this.#ticket.target, warnings } },
    };
  }

  async #findGuest(info: CallInfo): Promise<SeenGuest | undefined> {
    const rows = await readResources(this.#context, info);
    return guestsOf(rows).find(({ vmid }) => vmid === this.#ticket.vmid);
  }

  #silentFor(): number {
    const now = this.#context.clock.now();
    this.#since ??= now;
    return now - this.#since;
  }

  #taskFailed(
    sight: Extract<TaskSight, { kind: "ended" }>,
    guest: SeenGuest | undefined,
  ): Kappa4Error {
    const why = this.#isCancelled ? "it was cancelled" : `its task ended with "${sight.exit}"`;
    const isHome = guest?.node === this.#ticket.node;
    return this.#error(
      isHome
        ? `${why}; it is still on ${guest.node}`
        : `${why}; it is seen on ${guest?.node ?? "no node"}`,
      isHome ? "not_applied" : "unknown",
      sight.log,
    );
  }

  #vanished(kind: "lost" | "forgotten", guest: SeenGuest | undefined): Kappa4Error {
    const { node } = this.#ticket;
    const isHome = guest?.node === node && guest.row.lock === undefined;
    if (kind === "forgotten" && isHome && guest.row.status !== "unknown") {
      return this.#error(`its task is not known any more; it is still on ${node}`, "not_applied");
    }
    return new Kappa4Error(
      "unavailable",
      `migrate of ${sidOf(this.#ticket)} on "${this.#context.connection}" cannot be followed because ${node} does not answer; look where the guest is when it is back.`,
      { outcome: "unknown", context: guestContext(this.#context, "migrate", this.#ticket) },
    );
  }

  async #haRefusal(
    info: CallInfo,
    log: readonly string[],
    guest?: SeenGuest | undefined,
  ): Promise<Kappa4Error> {
    const { target, node } = this.#ticket;
    const sid = sidOf(this.#ticket);
    const rows = guestsOf(await readResources(this.#context, info));
    const now = guest ?? rows.find(({ vmid }) => vmid === this.#ticket.vmid);
    const placeOf = (other: string): string | undefined =>
      rows.find((row) => sidOf(row) === other)?.node;
    const why = await explainHaRefusal(this.#context, sid, target, placeOf, info);
    const [said] = log.filter((line) => !line.startsWith("TASK")).slice(-1);
    const elsewhere = now !== undefined && now.node !== node ? ` and put it on ${now.node}` : "";
    return new Kappa4Error(
      "failed_precondition",
      `migrate of ${sid} on "${this.#context.connection}" was refused by the HA manager${elsewhere}: ${why}${said === undefined ? "" : ` (${said})`}.`,
      { context: guestContext(this.#context, "migrate", this.#ticket) },
    );
  }

  #error(why: string, outcome: Outcome, log: readonly string[] = []): Kappa4Error {
    return new OperationFailedError(
      `migrate of ${sidOf(this.#ticket)} to ${this.#ticket.target} on "${this.#context.connection}" failed: ${why}.`,
      { outcome, log, context: guestContext(this.#context, "migrate", this.#ticket) },
    );
  }
}
