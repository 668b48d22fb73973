import {
  type Clock,
  type ClusterCapability,
  type ClusterState,
  Kappa4Error,
} from "@kappa4/connectors";
import type { Move, RebalancePlan } from "../balancing/index.ts";
import { checkMove, type Drift, type MoveCheck, memoryLimitOf } from "./drift.ts";
import type { ApplyOptions, MoveStatus } from "./events.ts";
import { findMissingStep, nextMoves, type ParallelLimits } from "./order.ts";
import { settleUnknown } from "./settle.ts";
import { trafficAt } from "./traffic.ts";

/** How often a target is looked at while its figures catch up. */
const SETTLE_PAUSE_MS = 5_000;

type MoveChange = Partial<Omit<MoveStatus, "move">>;

/** What the runner needs. */
export interface MoveRunnerInput {
  readonly cluster: ClusterCapability;
  readonly plan: RebalancePlan;
  readonly clock: Clock;
  readonly options: ApplyOptions;
  /** Hears of every change of a move. */
  readonly onChange: (index: number, status: MoveStatus) => void;
}

/** Brings the moves of one plan to their end and keeps the account of each. */
export class MoveRunner {
  readonly #input: MoveRunnerInput;
  readonly #limits: ParallelLimits;
  readonly #statuses: MoveStatus[];
  readonly #running = new Map<number, Promise<void>>();
  #loadLagMs = 0;
  #isStopped = false;
  #isCancelled = false;

  constructor(input: MoveRunnerInput) {
    const { plan, options } = input;
    this.#input = input;
    this.#limits = {
      maxParallel: options.maxParallel ?? 4,
      maxInflowPerNode: options.maxInflowPerNode ?? 1,
      maxOutflowPerNode: options.maxOutflowPerNode ?? 2,
    };
    this.#statuses = plan.moves.map((move) => ({
      move,
      state: "waiting",
      progress: null,
      warnings: [],
    }));
  }

  /** One entry per move of the plan, as of now. */
  get statuses(): readonly MoveStatus[] {
    return [...this.#statuses];
  }

  /** Whether somebody asked to stop while moves were still waiting. */
  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  /** Starts nothing more; moves under way are followed to their end. */
  cancel(): void {
    this.#isCancelled = true;
    this.#isStopped = true;
  }

  /** Starts nothing at all: the plan is not for what the cluster turned out to be. */
  refuse(message: string): void {
    this.#isStopped = true;
    for (const index of this.#statuses.keys()) this.#skip(index, { code: "plan_stale", message });
  }

  /**
   * Resolves when every move is accounted for; never rejects for anything the cluster does. The loads that the
   * cluster tells may be as old as `loadLagMs`.
   */
  async run(loadLagMs: number): Promise<void> {
    this.#loadLagMs = loadLagMs;
    if (!this.#isStopped && (await this.#isStillAsPlanned())) await this.#runMoves();
    this.#skipTheRest();
    await settleUnknown(this.#input, this.#statuses, (index, change) => this.#set(index, change));
  }

  /** Checks every guest's first move at once: a stale plan is refused whole, before anything is touched. */
  async #isStillAsPlanned(): Promise<boolean> {
    const state = await this.#readState();
    if (state === undefined) return false;
    const seen = new Set();
    let isFresh = true;
    for (const [index, { move }] of this.#statuses.entries()) {
      if (seen.has(move.guest)) continue;
      seen.add(move.guest);
      // Room is checked when the move's turn comes: earlier moves may make it.
      const memoryLimit = Number.POSITIVE_INFINITY;
      const check = checkMove(move, state, { memoryLimit, incomingBytes: 0, isSettling: false });
      if (typeof check === "string") continue;
      isFresh = false;
      this.#skip(index, check);
    }
    return isFresh;
  }

  async #runMoves(): Promise<void> {
    while (true) {
      await this.#startReady();
      if (this.#running.size === 0) return;
      await Promise.race(this.#running.values());
    }
  }

  async #startReady(): Promise<void> {
    while (!this.#isStopped) {
      this.#skipOrphans();
      const ready = nextMoves(this.#input.plan.moves, this.#states(), this.#limits);
      if (ready.length === 0) return;
      const state = await this.#readState();
      if (state === undefined) return;
      const waiting = ready.filter((index) => !this.#isStopped && !this.#startOne(index, state));
      if (waiting.length < ready.length) continue;
      if (this.#running.size > 0) return;
      await this.#input.clock.sleep(SETTLE_PAUSE_MS);
    }
  }

  /** Returns false when the move has to wait for the figures to catch up. */
  #startOne(index: number, state: ClusterState): boolean {
    const { move } = this.#at(index);
    const check = this.#check(move, state);
    if (check === "settling") return false;
    if (check === "already_there") {
      this.#set(index, { state: "done", progress: 1, warnings: ["was on the target already"] });
      return true;
    }
    if (check !== "ready") {
      this.#skip(index, check);
      this.#stopOnFailure();
      return true;
    }
    this.#set(index, { state: "running", startedAt: this.#now() });
    this.#running.set(
      index,
      this.#migrate(index).finally(() => this.#running.delete(index)),
    );
    return true;
  }

  #check(move: Move, state: ClusterState): MoveCheck {
    const since = this.#input.clock.now() - 2 * this.#loadLagMs;
    const memoryLimit = memoryLimitOf(move.to, this.#input.plan);
    return checkMove(move, state, { memoryLimit, ...trafficAt(move.to, this.#statuses, since) });
  }

  async #migrate(index: number): Promise<void> {
    const { move } = this.#at(index);
    try {
      const allowDowntime = move.mode === "restart";
      const operation = await this.#input.cluster.migrate(move.guest, move.to, { allowDowntime });
      const { warnings } = await operation.done({
        onProgress: ({ progress }) => this.#set(index, { progress }),
      });
      this.#set(index, { state: "done", progress: 1, endedAt: this.#now(), warnings });
    } catch (error) {
      this.#fail(index, error);
      this.#stopOnFailure();
    }
  }

  #fail(index: number, thrown: unknown): void {
    const error = Kappa4Error.is(thrown)
      ? thrown
      : new Kappa4Error("internal", `A fault of ours stopped the move: ${String(thrown)}`, {
          outcome: "unknown",
        });
    const { code, message, outcome } = error;
    this.#set(index, {
      state: outcome === "unknown" ? "unknown" : "failed",
      endedAt: this.#now(),
      error: { code, message, outcome },
    });
  }

  /** A move whose way was to be cleared by a failed one is skipped rather than tried against the plan's order. */
  #skipOrphans(): void {
    const { moves } = this.#input.plan;
    for (const [index, { move, state }] of this.#statuses.entries()) {
      if (state !== "waiting") continue;
      const missing = findMissingStep(move, moves, this.#states());
      if (missing === undefined) continue;
      const before = this.#at(missing).move;
      this.#skip(index, {
        code: "failed_precondition",
        message: `${before.name} had to leave ${before.from} first and did not; plan again`,
      });
    }
  }

  #skipTheRest(): void {
    for (const [index, { state }] of this.#statuses.entries()) {
      if (state !== "waiting") continue;
      const why = this.#isCancelled ? "the run was cancelled" : "the run stopped before its turn";
      this.#skip(index, {
        code: "failed_precondition",
        message: `Not started: ${why}; plan again for what is left`,
      });
    }
  }

  /** Reads where everything is; when that fails nothing more is started and every waiting move says why. */
  async #readState(): Promise<ClusterState | undefined> {
    try {
      return await this.#input.cluster.state();
    } catch (error) {
      if (!Kappa4Error.is(error)) throw error;
      this.#isStopped = true;
      for (const [index, { state }] of this.#statuses.entries()) {
        if (state === "waiting") this.#skip(index, error);
      }
      return undefined;
    }
  }

  #skip(index: number, { code, message }: Drift): void {
    this.#set(index, { state: "skipped", error: { code, message, outcome: "not_applied" } });
  }

  #stopOnFailure(): void {
    if (this.#input.options.onFailure !== "continue") this.#isStopped = true;
  }

  #set(index: number, change: MoveChange): void {
    const status = { ...this.#at(index), ...change };
    this.#statuses[index] = status;
    this.#input.onChange(index, status);
  }

  #at(index: number): MoveStatus {
    return this.#statuses[index] as MoveStatus;
  }

  #states(): MoveStatus["state"][] {
    return this.#statuses.map(({ state }) => state);
  }

  #now(): Date {
    return new Date(this.#input.clock.now());
  }
}
