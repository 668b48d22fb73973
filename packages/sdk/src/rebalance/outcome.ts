import type { RunEnd } from "../actions/define.ts";
import type { RunState } from "../store/index.ts";
import type { ApplyResult, MoveError, MoveStatus, RunOutcome } from "./events.ts";

/** Tells whether any of these moves was begun, whatever became of it: a guest that was on its target already was not. */
export function hasStartedMoves(moves: readonly MoveStatus[]): boolean {
  return moves.some(({ state, startedAt }) =>
    state === "done" ? startedAt !== undefined : BEGUN.includes(state),
  );
}

const BEGUN: readonly MoveStatus["state"][] = ["running", "failed", "unknown"];

/** Says how moves ended, by where they stand; `refusal` is what kept those from starting that still waited. */
export function outcomeOf(
  moves: readonly MoveStatus[],
  isCancelled: boolean,
  refusal: MoveError | undefined,
): RunOutcome {
  const stopped = hasStartedMoves(moves) ? "failed" : "refused";
  if (moves.some(({ state }) => state === "failed" || state === "unknown")) return "failed";
  if (refusal !== undefined) {
    return refusal.code === "plan_stale" || refusal.code === "conflict" ? "stale" : stopped;
  }
  if (moves.every(({ state }) => state === "done")) return "succeeded";
  if (isCancelled) return "cancelled";
  return moves.some(({ error }) => error?.code === "plan_stale") ? "stale" : stopped;
}

/** Says how the moves of a run ended that is over, in the words of its own end. */
export function outcomeAs(state: RunState, moves: readonly MoveStatus[]): RunOutcome {
  if (state === "succeeded" || state === "cancelled" || state === "stale") return state;
  return hasStartedMoves(moves) ? "failed" : "refused";
}

/** Gives the end of a run what is known of its effect: of a move out of sight nobody knows that. */
export function errorOver(
  moves: readonly MoveStatus[],
  { code, message }: Pick<MoveError, "code" | "message">,
): MoveError {
  const isLost = moves.some(({ state }) => state === "unknown");
  return { code, message, outcome: isLost ? "unknown" : "not_applied" };
}

/** Ends a run as its moves did. */
export function endAs(outcome: Omit<ApplyResult, "plan">): RunEnd {
  const hasMoved = outcome.moves.some(({ state }) => state === "done");
  const state = STATES[outcome.outcome];
  const error = outcome.error ?? outcome.moves.find((move) => move.error !== undefined)?.error;
  return {
    state: state === "failed" && hasMoved ? "partly_failed" : state,
    result: outcome,
    error:
      state === "succeeded" || error === undefined
        ? undefined
        : { code: error.code, message: error.message },
  };
}

const STATES = {
  succeeded: "succeeded",
  failed: "failed",
  cancelled: "cancelled",
  stale: "stale",
  refused: "failed",
} as const satisfies Readonly<Record<RunOutcome, RunEnd["state"]>>;
