import type { ReadContext } from "../../actions/context.ts";
import type { FoundToday } from "../../actions/define.ts";
import {
  type ApprovalFacts,
  type FoundRisk,
  type Refusal,
  transition,
} from "../../approvals/index.ts";
import { riskOfWork } from "../../runs/risk-of-work.ts";
import { subjectOf } from "../../runs/submit.ts";
import type { OrgTransaction } from "../../store/index.ts";
import { factsOf, refusalError } from "../decide.ts";
import { getApproval } from "../get-approval.ts";
import { callerAsPerson } from "../people.ts";
import { runActionOf } from "../run-action-of.ts";
import type { Decidable } from "./decision.ts";

/** What was found outside before somebody's vote, or why the vote is refused whatever is there. */
export type VoteLook =
  | { readonly refusal: Refusal }
  | {
      readonly refusal?: undefined;
      /** Undefined where looking could change nothing. */
      readonly today: FoundToday<unknown> | undefined;
    };

/** A vote that somebody wants to give. */
export interface VoteToGive {
  readonly approval: string;
  /** Of the plan that they were shown. */
  readonly hash: string;
}

/**
 * Looks at what is outside before somebody votes, as was done before the plan was asked for. Nobody has a cluster looked
 * at by a vote that is refused in any case.
 */
export async function lookForVote(context: ReadContext, vote: VoteToGive): Promise<VoteLook> {
  const judged = await context.inOrg((tx) => judgeVoter(tx, context, vote));
  const { refusal } = judged;
  if (refusal !== undefined) return { refusal };
  return { today: await judged.look?.() };
}

interface JudgedVoter {
  readonly refusal?: Refusal;
  look?(): Promise<FoundToday<unknown> | undefined>;
}

/** The vote by what is stored alone: by the higher class that a look may find it is refused at least as well. */
async function judgeVoter(
  tx: OrgTransaction,
  context: ReadContext,
  { approval: name, hash }: VoteToGive,
): Promise<JudgedVoter> {
  const { caller, clock } = context;
  const { approval, planId } = await getApproval(tx, name);
  const plan = approval.state === "pending" ? await tx.plans.find(planId) : undefined;
  // What is over takes no vote, nor does a schedule give one; the decision itself says so.
  if (plan === undefined || caller.actor.kind === "schedule") return {};
  const action = runActionOf(context.actionOf(plan.action));
  const subject = subjectOf(tx, action, plan);
  const facts = await factsOf(tx, clock, subject);
  const by = await callerAsPerson(tx, caller, { ...subject, now: facts.now });
  const found = { risk: approval.risk, why: "" };
  const voted = transition(approval, { kind: "approve", by, hash, found }, facts);
  if (!voted.ok) return { refusal: voted.refusal };
  const { look } = action;
  return look === undefined ? {} : { look: () => look(context, plan.id) };
}

/**
 * Judges anew what people vote on: since it was asked for, other pieces of the same may have been, and have begun.
 * Whoever calls holds the cluster. Throws what the refusal means where the look has found one.
 */
export function judgeVote(
  tx: OrgTransaction,
  { action, plan }: Decidable,
  { now, policy }: ApprovalFacts,
  seen: VoteLook,
): Promise<FoundRisk> {
  // Who may vote by now has not had the cluster looked at: they vote again.
  if (seen.refusal !== undefined) throw refusalError(seen.refusal);
  const known = runActionOf(action);
  const { today } = seen;
  const { cluster, content } = plan;
  return riskOfWork(tx, {
    ...{ action: known.name, cluster, content, now, today },
    ...{ isTrusted: false, local: policy.local },
    risk: (judged) => known.risk(judged),
  });
}
