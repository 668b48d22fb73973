import type { ErrorCode, Outcome } from "@kappa4/connectors";
import type { Balance, Conflict, Move, RebalancePlan } from "../balancing/index.ts";

/**
 * Where one move of a run stands. `skipped`: never started; `unknown`: contact was lost and nobody can
 * tell yet where the guest is.
 */
export type MoveState = "waiting" | "running" | "done" | "failed" | "skipped" | "unknown";

/** Why something was not done, and what is known of its effect. The message ends with what to do next. */
export interface MoveError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly outcome: Outcome;
  /** The last lines of the provider's own log, where it has one. */
  readonly log?: readonly string[] | undefined;
}

/** What is known about one move of a run. */
export interface MoveStatus {
  readonly move: Move;
  readonly state: MoveState;
  /** 0 to 1; null when the provider does not say. */
  readonly progress: number | null;
  /** Absent from a move that was never started, also from one that is `done` as the guest was on its target already. */
  readonly startedAt?: Date | undefined;
  readonly endedAt?: Date | undefined;
  /** Why it failed, was skipped, or cannot be known; absent from what was skipped because the run was cancelled. */
  readonly error?: MoveError | undefined;
  readonly warnings: readonly string[];
}

/**
 * How a run ended. `stale`: the cluster had changed and nothing, or nothing more, was started; `refused`: something else
 * stood in the way, mostly that it could not be read, and nothing was started; `failed`: a move failed or nobody knows how
 * it ended, or something stood in the way of the rest when some were started.
 */
export type RunOutcome = "succeeded" | "failed" | "cancelled" | "stale" | "refused";

/** The end of a run: every move is accounted for, and the balance was measured again. */
export interface ApplyResult {
  readonly outcome: RunOutcome;
  readonly plan: RebalancePlan;
  /** One entry per move of the plan, in its order. */
  readonly moves: readonly MoveStatus[];
  /** Why nothing, or nothing more, was started, or who cancelled it and why; the moves say the same, or more exactly what concerns them. */
  readonly error?: MoveError | undefined;
  /** Measured right before the first move; null when the cluster could not be read. */
  readonly before: Balance | null;
  /** Measured after the last move; null when the cluster could not be read any more, or the run was cancelled. */
  readonly after: Balance | null;
  /**
   * What was asked for and is not reached; empty when all is. `drain-blocked` names the guests that are still on a
   * node to be emptied, as seen at the end; the others are what the plan said cannot hold.
   */
  readonly unreached: readonly Conflict[];
  readonly startedAt: Date;
  readonly endedAt: Date;
}

/** What a run tells while it goes on. */
export type ApplyEvent =
  /** The cluster was read and the plan judged: what will not be started, or is done already, is no longer `waiting`. */
  | { readonly type: "started"; readonly at: Date; readonly moves: readonly MoveStatus[] }
  /** One move changed; `index` is its place in the plan. */
  | { readonly type: "move"; readonly index: number; readonly status: MoveStatus }
  /** No move is under way any more; the balance is read when the provider's figures have caught up. */
  | { readonly type: "measuring"; readonly waitMs: number }
  /** Somebody asked to stop, and it could not be said to the run, which goes on. */
  | { readonly type: "not-cancelled"; readonly error: Pick<MoveError, "code" | "message"> }
  | { readonly type: "finished"; readonly result: ApplyResult };

/** Options of an apply. */
export interface ApplyOptions {
  /** Moves at the same time. Default: what the plan's waves were made for, else 4. */
  readonly maxParallel?: number | undefined;
  /** Moves at the same time onto one node. Default: the plan's, else 1. */
  readonly maxInflowPerNode?: number | undefined;
  /** Moves at the same time away from one node. Default: the plan's, else 2. */
  readonly maxOutflowPerNode?: number | undefined;
  /** What happens after a failed move. Default `stop`: nothing more is started. */
  readonly onFailure?: "stop" | "continue" | undefined;
  /** Same as {@link ApplyRun.cancel}. */
  readonly signal?: AbortSignal | undefined;
}

/** A run under way. Iterating it starts nothing; it goes on whether or not anybody listens. */
export interface ApplyRun extends AsyncIterable<ApplyEvent> {
  /** Starts nothing more; moves under way are followed to their end. */
  cancel(): void;
  /** Never rejects: failures are in the result. */
  readonly result: Promise<ApplyResult>;
}
