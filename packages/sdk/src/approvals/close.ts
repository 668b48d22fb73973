import { type Approval, isRequested, type RequestedApproval } from "./approval.ts";
import type { ApprovalEvent, ApprovalFacts } from "./events.ts";
import { ownMatter, unlinked } from "./guards.ts";
import { approversOf } from "./quorum.ts";
import { refusal } from "./refusal.ts";
import { next, refused, type TransitionResult, tellRequester } from "./result.ts";
import { isRescue, notYours } from "./run.ts";

type EventOf<Kind> = Extract<ApprovalEvent, { kind: Kind }>;

/** The requester or an Admin takes it back before it starts, or in a named incident anybody permitted. */
export function withdraw(
  approval: RequestedApproval,
  { by, reason, incident }: EventOf<"withdraw">,
  facts: ApprovalFacts,
): TransitionResult {
  const no =
    unlinked(by) ??
    ownMatter(approval, by, approversOf(approval, facts.people, by)) ??
    (isRescue(by, incident) ? undefined : notYours(approval, by, facts));
  if (no !== undefined) return refused(no);
  const ending = { at: facts.now, by: by.id, reason };
  return next(approval, { state: "withdrawn", ending }, tellRequester(approval));
}

/** A time is over: that of the plan, that to decide, or that to start. */
export function expire(approval: Approval, facts: ApprovalFacts): TransitionResult {
  const { now } = facts;
  if (now < endOf(approval, facts)) {
    return refused(refusal("not_yet", "There is still time; look again when it is over."));
  }
  const told = isRequested(approval) ? tellRequester(approval) : [];
  return next(approval, { state: "expired", ending: { at: now } }, told);
}

/** A newer plan has taken its place. */
export function supersede(
  approval: RequestedApproval,
  { plan }: EventOf<"supersede">,
  { now }: ApprovalFacts,
): TransitionResult {
  const ending = { at: now, reason: plan };
  return next(approval, { state: "superseded", ending }, tellRequester(approval));
}

function endOf(approval: Approval, { policy }: ApprovalFacts): Date {
  const { state, plannedAt, request, clearance } = approval;
  const end = state === "approved" ? clearance?.startBy : request?.deadline;
  return end ?? new Date(plannedAt.getTime() + policy.planValidMs);
}
