import type { ReadContext } from "../../actions/context.ts";
import type { FoundToday } from "../../actions/define.ts";
import type { ApprovalFacts, FoundRisk } from "../../approvals/index.ts";
import { riskOfWork } from "../../runs/risk-of-work.ts";
import type { OrgTransaction } from "../../store/index.ts";
import { getApproval } from "../get-approval.ts";
import { runActionOf } from "../run-action-of.ts";
import type { Decidable } from "./decision.ts";

/** What was found outside before somebody's vote; undefined where looking could change nothing. */
export type VoteLook = FoundToday<unknown> | undefined;

/** Looks at what is outside before somebody votes, as was done before the plan was asked for. */
export async function lookForVote(context: ReadContext, name: string): Promise<VoteLook> {
  const plan = await context.inOrg(async (tx) => {
    const { approval, planId } = await getApproval(tx, name);
    return approval.state === "pending" ? tx.plans.find(planId) : undefined;
  });
  if (plan === undefined) return undefined;
  return runActionOf(context.actionOf(plan.action)).look?.(context, plan.id);
}

/**
 * Judges anew what people vote on: since it was asked for, other pieces of the same may have been, and have begun.
 * Whoever calls holds the cluster.
 */
export function judgeVote(
  tx: OrgTransaction,
  { action, plan }: Decidable,
  { now, policy }: ApprovalFacts,
  today: VoteLook,
): Promise<FoundRisk> {
  const { cluster, content } = plan;
  return riskOfWork(tx, {
    ...{ action: action.name, cluster, content, now, today },
    ...{ isTrusted: false, local: policy.local },
    risk: (judged) => action.risk(judged),
  });
}
