import type {
  Clock,
  ClusterCapability,
  ClusterState,
  MigrateResult,
  Operation,
  OperationStatus,
} from "@kappa4/connectors";
import type { Move, RebalancePlan } from "../balancing/index.ts";
import { type MoveAccount, type MoveChange, moveErrorOf } from "./account.ts";
import { checkMove, type MoveCheck } from "./drift.ts";
import { findMissingStep, nextMoves, type ParallelLimits } from "./order.ts";
import { type LostMove, settleMove } from "./settle.ts";
import { trafficAt } from "./traffic.ts";

/** How often a target is looked at while its figures catch up. */
const SETTLE_PAUSE_MS = 5_000;

/** What the runner needs. */
export interface MoveRunnerInput {
  readonly cluster: ClusterCapability;
  readonly plan: RebalancePlan;
  readonly clock: Clock;
  readonly account: MoveAccount;
  readonly limits: ParallelLimits;
  readonly onFailure: "stop" | "continue";
  /** Names the nodes that are to be empty now; asked before moves start. */
  maintenanceNodes(): Promise<readonly string[]>;
  /** Tells whether somebody has asked to stop, wherever; asked right before moves start. */
  isCancelled(): Promise<boolean>;
  /** Hands a move over to the outside system, or finds it there; undefined where it is not to be begun, as somebody asked to stop. */
  migrate(index: number, move: Move): Promise<Operation<MigrateResult> | undefined>;
  /** Writes down what came to light late of a move that was out of sight. */
  settled(index: number, change: MoveChange): Promise<void>;
  /** Moves that an earlier attempt began and did not see the end of. */
  readonly open: ReadonlyMap<number, unknown>;
}

/** What was found at the start of a run. */
export interface FoundAtStart {
  /** How old the loads that the cluster tells may be. */
  readonly loadLagMs: number;
  /** The fraction of its memory to which a node may be filled. */
  memoryLimit(node: string): number;
}

interface Seen extends ClusterState {
  readonly maintenanceNodes: readonly string[];
}

/** Starts the moves of one plan, each when its turn has come and the cluster is as planned. */
export class MoveRunner {
  readonly #input: MoveRunnerInput;
  readonly #running = new Map<number, Promise<void>>();
  #found: FoundAtStart = { loadLagMs: 0, memoryLimit: () => 0 };
  #isStopped = false;
  #isCancelled = false;

  constructor(input: MoveRunnerInput) {
    this.#input = input;
  }

  /** Whether somebody asked to stop. */
  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  /** Starts nothing more; moves under way are followed to their end. */
  cancel(): void {
    this.#isCancelled = true;
    this.#isStopped = true;
  }

  /** Resolves when no move is under way and none may start any more. */
  async run(found: FoundAtStart): Promise<void> {
    this.#found = found;
    if (this.#input.account.states.includes("failed")) this.#stopOnFailure();
    // What is on its way is followed to its end, also in a run that is to start nothing more.
    for (const index of this.#input.open.keys()) this.#follow(index);
    while (true) {
      await this.#startReady();
      if (this.#running.size === 0) break;
      await Promise.race(this.#running.values());
    }
    // That somebody stopped the run is no fault of any move.
    if (this.#isCancelled) return this.#input.account.skipWaiting(undefined);
    const message = `${this.#whyStopped()}; plan again for what is left`;
    this.#input.account.skipWaiting({ code: "failed_precondition", message });
  }

  #whyStopped(): string {
    const lost = this.#input.account.statuses.find(({ state }) => state === "unknown");
    if (lost === undefined || this.#isStopped) return "the run stopped before its turn";
    return `${lost.move.name} may still be on its way from ${lost.move.from} to ${lost.move.to}`;
  }

  async #startReady(): Promise<void> {
    const { account, plan, limits, clock } = this.#input;
    while (!this.#isStopped && !this.#isHeld()) {
      this.#skipOrphans();
      const ready = nextMoves(plan.moves, account.states, limits);
      if (ready.length === 0) return;
      const state = await this.#readState();
      if (state === undefined) return;
      const waiting = ready.filter((index) => !this.#isStopped && !this.#startOne(index, state));
      if (waiting.length < ready.length) continue;
      if (this.#running.size > 0) return;
      await clock.sleep(SETTLE_PAUSE_MS);
    }
  }

  /** A run that stops at the first failure starts nothing while a move may have failed. */
  #isHeld(): boolean {
    const { account, onFailure } = this.#input;
    return onFailure === "stop" && account.states.includes("unknown");
  }

  /** Returns false when the move has to wait for the figures to catch up. */
  #startOne(index: number, state: Seen): boolean {
    const { account } = this.#input;
    const check = this.#check(account.at(index).move, state);
    if (check === "settling") return false;
    if (check === "already_there") {
      account.set(index, { state: "done", progress: 1 });
      return true;
    }
    if (check !== "ready") {
      account.skip(index, check);
      this.#stopOnFailure();
      return true;
    }
    this.#follow(index);
    return true;
  }

  #follow(index: number): void {
    const { account } = this.#input;
    const startedAt = account.at(index).startedAt ?? this.#now();
    account.set(index, { state: "running", startedAt });
    this.#running.set(
      index,
      this.#migrate(index).finally(() => this.#running.delete(index)),
    );
  }

  #check(move: Move, state: Seen): MoveCheck {
    const { account, clock } = this.#input;
    const { loadLagMs, memoryLimit } = this.#found;
    const since = clock.now() - 2 * loadLagMs;
    const traffic = trafficAt(move.to, account.statuses, since, state.guests);
    const { maintenanceNodes } = state;
    return checkMove(move, state, {
      ...{ memoryLimit: memoryLimit(move.to), maintenanceNodes },
      ...traffic,
    });
  }

  async #migrate(index: number): Promise<void> {
    const { account, migrate } = this.#input;
    const { move } = account.at(index);
    const onProgress = ({ progress }: OperationStatus): void => account.set(index, { progress });
    let operation: Operation<MigrateResult> | undefined;
    try {
      operation = await migrate(index, move);
      if (operation === undefined) {
        this.cancel();
        return account.skip(index, undefined);
      }
      const { warnings } = await operation.done({ onProgress });
      account.set(index, { state: "done", progress: 1, endedAt: this.#now(), warnings });
    } catch (thrown) {
      const error = moveErrorOf(thrown);
      if (error.outcome !== "unknown") return this.#end(index, { state: "failed", error });
      account.set(index, { state: "unknown", error });
      const lost = { move, error, operation, onProgress };
      this.#end(index, await this.#settle(index, lost));
    }
  }

  async #settle(index: number, lost: LostMove): Promise<MoveChange> {
    const change = await settleMove(this.#input, lost);
    try {
      if (change !== undefined) await this.#input.settled(index, change);
      return change ?? {};
    } catch {
      // What cannot be written down stays as unknown as the record has it.
      return {};
    }
  }

  /** Writes down the end of a move that did not go well, or that came to light late. */
  #end(index: number, change: MoveChange): void {
    const { account } = this.#input;
    account.set(index, { ...change, endedAt: this.#now() });
    if (account.at(index).state !== "done") this.#stopOnFailure();
  }

  /** A move whose way was to be cleared by a failed one is skipped rather than tried against the plan's order. */
  #skipOrphans(): void {
    const { account, plan } = this.#input;
    for (const [index, { move, state }] of account.statuses.entries()) {
      if (state !== "waiting") continue;
      const missing = findMissingStep(move, plan.moves, account.states);
      if (missing === undefined) continue;
      const { name, from } = account.at(missing).move;
      const message = `${name} had to leave ${from} first and did not; plan again`;
      account.skip(index, { code: "failed_precondition", message });
    }
  }

  /** Reads where everything is, what is to be empty, and at last whether to go on; when that fails nothing more is started and every waiting move says why. */
  async #readState(): Promise<Seen | undefined> {
    try {
      const maintenanceNodes = await this.#input.maintenanceNodes();
      const seen = { ...(await this.#input.cluster.state()), maintenanceNodes };
      if (await this.#input.isCancelled()) this.cancel();
      return seen;
    } catch (thrown) {
      this.#isStopped = true;
      this.#input.account.skipWaiting(moveErrorOf(thrown));
      return undefined;
    }
  }

  #stopOnFailure(): void {
    if (this.#input.onFailure === "stop") this.#isStopped = true;
  }

  #now(): Date {
    return new Date(this.#input.clock.now());
  }
}
