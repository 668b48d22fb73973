import {
  type ApplyOutcome,
  type ApplyProgress,
  type ApplyResult,
  type BoundKappa4,
  followApply,
  type MoveStatus,
  type PlanDetails,
  type PlanView,
  type RunView,
} from "@kappa4/sdk";
import type { RebalancePlan } from "@kappa4/sdk/balancing";

/** The action that carries a rebalance out. */
const APPLY = "rebalance.apply";

/** A stored plan for a rebalance. */
export type StoredRebalance = PlanDetails & { readonly content: RebalancePlan };

/** Returns the moves that a stored plan would make; undefined when it is for something else. */
export function rebalanceOf(plan: PlanView): RebalancePlan | undefined {
  return plan.action === APPLY ? (plan.content as RebalancePlan) : undefined;
}

/** Tells whether a stored plan is for a rebalance. */
export function isRebalance(plan: PlanDetails): plan is StoredRebalance {
  return rebalanceOf(plan) !== undefined;
}

/** Returns how a run of moves goes; undefined while it has not begun, and for runs of something else. */
export function progressOf(run: RunView): ApplyProgress | undefined {
  if (run.action !== APPLY || run.progress === null) return undefined;
  return run.progress as ApplyProgress;
}

/** Returns the moves of a run as they stand, or as they ended. */
export function movesOf(run: RunView): readonly MoveStatus[] {
  const outcome = run.action === APPLY ? (run.result as ApplyOutcome | null) : null;
  return outcome?.moves ?? progressOf(run)?.moves ?? [];
}

/** Returns how an ended run of moves ended. */
export function resultOf(
  kappa4: Pick<BoundKappa4, "runs">,
  plan: StoredRebalance,
  run: Pick<RunView, "id">,
): Promise<ApplyResult> {
  return followApply(kappa4, plan, run).result;
}
