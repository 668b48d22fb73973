import type { Approval, ApprovalRequest, RequestedApproval } from "./approval.ts";
import { clear } from "./clearance.ts";
import type { ApprovalEffect, ApprovalEvent, ApprovalFacts } from "./events.ts";
import { frozen, noReason, unlinked, unpermitted } from "./guards.ts";
import { approversOf, isComplete, quorumFor, unreachable } from "./quorum.ts";
import { type Refusal, refusal } from "./refusal.ts";
import { next, refused, type TransitionResult } from "./result.ts";
import { duration } from "./words.ts";

type RequestEvent = Extract<ApprovalEvent, { kind: "request" }>;

/** Somebody asks to apply a plan. */
export function request(
  approval: Approval,
  event: RequestEvent,
  facts: ApprovalFacts,
): TransitionResult {
  const { by, reason, window } = event;
  const no =
    unlinked(by) ??
    unpermitted(
      by,
      facts.people.filter(({ id }) => id !== by.id),
    ) ??
    tooOld(approval, facts) ??
    windowOver(event, facts) ??
    frozen(facts) ??
    requestedTwice(event) ??
    (approval.risk >= facts.policy.reasonFrom ? noReason(reason) : undefined);
  if (no !== undefined) return refused(no);

  const quorum = quorumFor(facts.policy, approval.risk, by, facts.people, approval.concerned);
  const asked: ApprovalRequest = {
    by: by.id,
    at: facts.now,
    reason,
    quorum,
    deadline: deadlineOf(event, facts),
    window,
  };
  const requested: RequestedApproval = { ...approval, request: asked };
  if (isComplete(quorum)) return clear(requested, facts);
  return next(requested, { state: "pending" }, askFor(requested, facts));
}

/** The effects of asking those who can approve, and of saying at once when they are too few. */
function askFor(approval: RequestedApproval, facts: ApprovalFacts): readonly ApprovalEffect[] {
  const people = approversOf(approval, facts.people).map(({ id }) => id);
  return [{ kind: "ask_approvers", people }, ...warnOf(approval, facts)];
}

/** The effect of saying that too few people are left who can approve. */
export function warnOf(
  approval: RequestedApproval,
  { people }: ApprovalFacts,
): readonly ApprovalEffect[] {
  const missing = unreachable(approval, approval.request.quorum, people);
  return isComplete(missing) ? [] : [{ kind: "quorum_unreachable", missing }];
}

/** Nobody has to decide on what can no longer start. */
function deadlineOf({ window }: RequestEvent, { now, policy }: ApprovalFacts): Date {
  const closes = now.getTime() + policy.openMs;
  return new Date(Math.min(closes, window?.to.getTime() ?? closes));
}

function tooOld({ plannedAt }: Approval, { now, policy }: ApprovalFacts): Refusal | undefined {
  if (now.getTime() - plannedAt.getTime() < policy.planValidMs) return undefined;
  return refusal(
    "plan_too_old",
    `This plan is older than ${duration(policy.planValidMs)}; make a new one and ask for that.`,
  );
}

function windowOver({ window }: RequestEvent, { now }: ApprovalFacts): Refusal | undefined {
  if (window === undefined || (window.from < window.to && now < window.to)) return undefined;
  return refusal("window_over", "The window to start this in is over; choose a later one.");
}

function requestedTwice({ twin }: RequestEvent): Refusal | undefined {
  if (twin === undefined) return undefined;
  return refusal(
    "same_request_open",
    `The same plan is requested already as ${twin}: it is decided on there, or waits there to start.`,
  );
}
