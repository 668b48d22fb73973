import type { MigrateResult } from "../../contract/capabilities.ts";
import { Kappa4Error } from "../../contract/errors.ts";
import type { Operation } from "../../contract/operation.ts";
import { isLineError } from "../../transport/retry.ts";
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
import { haRefusal, type MigrationErrors, migrationErrors } from "./migrate-errors.ts";
import { failedLook, followedOperation, runningLook, succeeded } from "./operation.ts";
import { type GuestState, readGuestState } from "./power.ts";
import { isInHaMotion, isMoving, isOnline } from "./signs.ts";
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
/** No move without a visible task is waited for longer. */
const STUCK_MS = 6 * 3_600_000;
const ONLY_THE_GUEST = "only the guest itself can be seen";

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
  readonly #errors: MigrationErrors;
  readonly #warnings: string[] = [];
  #watch: TaskWatch | undefined;
  #phase: "task" | "ha" | "guest" | "arrival";
  /** When the present way of not seeing anything began. */
  #since: number | undefined;
  /** When something other than its task was first seen to work on the guest. */
  #movingSince: number | undefined;
  #isCancelled = false;

  constructor(context: ProxmoxContext, ticket: MigrateTicket) {
    this.#context = context;
    this.#ticket = ticket;
    this.#info = { operation: "migrate", target: sidOf(ticket) };
    this.#errors = migrationErrors(context, ticket);
    const upid = parseUpid(ticket.upid);
    this.#phase = upid === undefined ? "guest" : "task";
    if (upid !== undefined) {
      this.#watch = watchTask(context, upid, this.#info, upid.type === "qmigrate");
    }
  }

  async look(): Promise<LookResult> {
    const info = this.#info;
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
    if (guest !== undefined && guest.node !== this.#ticket.node) {
      return failedLook(this.#errors.endedElsewhere(guest));
    }
    if (this.#silentFor() < limit) return runningLook("unknown", `the task is ${sight.kind}`);
    return failedLook(this.#errors.vanished(sight.kind, guest));
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
    if (isRequest) return failedLook(await haRefusal(this.#context, this.#ticket, info, sight.log));
    const state = this.#isCancelled ? "cancelled" : "failed";
    return failedLook(this.#errors.taskFailed(sight, guest, this.#isCancelled), state);
  }

  /** With HA the real task comes later, from root@pam: only those with Sys.Audit on the node see it. */
  async #lookForHaTask(info: CallInfo): Promise<LookResult> {
    const { node, vmid, type, target } = this.#ticket;
    const request = this.#watch?.upid;
    const real = type === "qemu" ? "qmigrate" : "vzmigrate";
    const tasks = await listTasks(this.#context, node, vmid, { ...info, retries: 1 }).catch(
      (error: unknown) => {
        // Its node may be gone; then the guest itself has to tell.
        if (isLineError(error)) return [];
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
    const isSourceUp = isOnline(rows, node);
    if (guest !== undefined && guest.node !== node && !isInHaMotion(guest)) {
      if (!isSourceUp) return failedLook(this.#errors.endedElsewhere(guest));
      return failedLook(await haRefusal(this.#context, this.#ticket, info, []));
    }
    if (!isSourceUp) {
      if (this.#silentFor() < LOST_MS) return runningLook("unknown", `${node} does not answer`);
      return failedLook(this.#errors.vanished("lost", guest));
    }
    if (guest !== undefined && isMoving(guest) && !this.#isStuck()) {
      this.#since = undefined;
      return runningLook("running", "the HA manager moves it");
    }
    if (this.#silentFor() < HA_SILENCE_MS) {
      return runningLook("pending", "the HA manager has been asked");
    }
    return failedLook(await haRefusal(this.#context, this.#ticket, info, []));
  }

  /** There is no task to watch: what counts is where the guest comes to rest. */
  async #lookAtGuest(info: CallInfo): Promise<LookResult> {
    const { node, target } = this.#ticket;
    const guest = await this.#findGuest(info);
    if (guest?.node === target) return this.#arrive(info);
    if (guest !== undefined && guest.node !== node && !isInHaMotion(guest)) {
      return failedLook(this.#errors.endedElsewhere(guest));
    }
    const isSeenMoving = guest !== undefined && isMoving(guest) && !this.#isStuck();
    if (guest === undefined || guest.row.status === "unknown" || isSeenMoving) {
      // A guest that moves for hours is well; one that nobody reports is not.
      if (isSeenMoving) this.#since = undefined;
      if (this.#silentFor() < LOST_MS) return runningLook("unknown", ONLY_THE_GUEST);
      return failedLook(this.#errors.vanished("lost", guest));
    }
    if (this.#silentFor() < FORGOTTEN_MS) return runningLook("unknown", ONLY_THE_GUEST);
    return failedLook(
      this.#errors.failed(`it is still on ${node} and nothing moves it`, "not_applied"),
    );
  }

  #arrive(info: CallInfo): Promise<LookResult> {
    this.#phase = "arrival";
    this.#since = undefined;
    return this.#lookForArrival(info);
  }

  /** The list is up to ten seconds old, so what it says is confirmed by the target itself. */
  async #lookForArrival(info: CallInfo): Promise<LookResult> {
    const { target, ran } = this.#ticket;
    const guest = await this.#findGuest(info);
    const silentMs = this.#silentFor();
    if (guest?.node !== target) {
      if (silentMs < ARRIVAL_MS) return this.#stillArriving();
      const place = guest?.node ?? "no node";
      return failedLook(
        this.#errors.failed(`its task ended, but it is seen on ${place}`, "unknown"),
      );
    }
    const isShown =
      guest.row.lock !== "migrate" &&
      (!ran || ["running", "paused"].includes(guest.row.status ?? ""));
    if (!isShown && silentMs < FORGOTTEN_MS) return this.#stillArriving();
    const state = ran ? await this.#stateOnTarget(info) : "stopped";
    if (!ran || state === "running" || state === "paused") return this.#done();
    if (silentMs < ARRIVAL_MS) return this.#stillArriving();
    const why =
      state === "stopped"
        ? `it is on ${target} but does not run; start it`
        : `it is on ${target}, but whether it runs cannot be read; look at it there`;
    return failedLook(this.#errors.failed(why, "applied"));
  }

  #stillArriving(): LookResult {
    return runningLook("running", `waiting for it on ${this.#ticket.target}`, 0.99);
  }

  /** What the target itself says; undefined when it does not answer. */
  async #stateOnTarget(info: CallInfo): Promise<GuestState | undefined> {
    const { vmid, type, target } = this.#ticket;
    try {
      return await readGuestState(this.#context, { vmid, type, node: target }, info);
    } catch (error) {
      if (Kappa4Error.is(error)) return undefined;
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

  /** A lock may outlive the work that took it; without a task in sight nobody waits for it forever. */
  #isStuck(): boolean {
    this.#movingSince ??= this.#context.clock.now();
    return this.#context.clock.now() - this.#movingSince > STUCK_MS;
  }

  #silentFor(): number {
    const now = this.#context.clock.now();
    this.#since ??= now;
    return now - this.#since;
  }
}
