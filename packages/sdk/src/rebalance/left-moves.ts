import type { RunContext } from "../actions/context.ts";
import type { FailedEnd, RunEnd } from "../actions/define.ts";
import type { RebalancePlan } from "../balancing/index.ts";
import type { Step } from "../runs/ledger.ts";
import type { MoveError, MoveStatus } from "./events.ts";
import { endAs, errorOver, outcomeAs } from "./outcome.ts";

/** Ends a run whose cluster is out of reach as its moves stand, by what is written of them. */
export async function leftMoves(
  { ledger, clock }: Pick<RunContext, "ledger" | "clock">,
  plan: RebalancePlan,
  { state, error }: FailedEnd,
): Promise<RunEnd> {
  const steps = await ledger.steps();
  const skipped: MoveError = { ...error, outcome: "not_applied" };
  const moves = plan.moves.map((move, index): MoveStatus => {
    const step = steps.find((one) => one.step === index);
    const none = { move, progress: null, warnings: [] } as const;
    if (step === undefined) return { ...none, state: "skipped", error: skipped };
    return { ...none, startedAt: step.startedAt, ...standingOf(step) };
  });
  const endedAt = new Date(clock.now());
  const starts = steps.map(({ startedAt }) => startedAt.getTime());
  return endAs({
    ...{ outcome: outcomeAs(state, moves), moves, before: null, after: null, unreached: [] },
    startedAt: new Date(Math.min(endedAt.getTime(), ...starts)),
    ...{ endedAt, error: errorOver(moves, error) },
  });
}

function standingOf({ state, result, endedAt }: Step): Omit<MoveStatus, "move" | "warnings"> {
  const ended = endedAt === undefined ? {} : { endedAt };
  if (state === "done") return { state, progress: 1, ...ended };
  if (state === "skipped") return { state, progress: null };
  const error = result as MoveError;
  return state === "failed"
    ? { state, progress: null, error, ...ended }
    : { state: "unknown", progress: null, error };
}
