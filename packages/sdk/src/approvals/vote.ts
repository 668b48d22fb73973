import type { RequestedApproval, Vote } from "./approval.ts";
import { clear } from "./clearance.ts";
import type { ApprovalEvent, ApprovalFacts } from "./events.ts";
import {
  biased,
  nobodyInParticular,
  noReason,
  notFresh,
  otherHash,
  tooLate,
  unlinked,
  unpermitted,
} from "./guards.ts";
import type { Person } from "./person.ts";
import { isComplete, missingVotes } from "./quorum.ts";
import type { Refusal } from "./refusal.ts";
import { warnOf } from "./request.ts";
import { next, refused, type TransitionResult, tellRequester } from "./result.ts";

/** Somebody approves. */
export function approve(
  approval: RequestedApproval,
  event: Extract<ApprovalEvent, { kind: "approve" }>,
  given: ApprovalFacts,
): TransitionResult {
  const { by, hash } = event;
  const facts = withVoter(given, by);
  const no =
    unfit(approval, by, facts) ??
    otherHash(approval, hash) ??
    tooLate(approval, facts) ??
    notFresh(approval, by, facts);
  if (no !== undefined) return refused(no);
  const vote: Vote = { person: by.id, decision: "approve", at: facts.now, hash };
  const voted: RequestedApproval = { ...approval, votes: [...approval.votes, vote] };
  const missing = missingVotes(voted, approval.request.quorum, facts.people);
  if (isComplete(missing)) return clear(voted, facts);
  return next(voted, {}, [...tellRequester(approval), ...warnOf(voted, facts)]);
}

/** Somebody denies; one denial ends it. It takes no fresh login: it only keeps things as they are. */
export function deny(
  approval: RequestedApproval,
  event: Extract<ApprovalEvent, { kind: "deny" }>,
  facts: ApprovalFacts,
): TransitionResult {
  const { by, reason } = event;
  const no = unfit(approval, by, facts) ?? tooLate(approval, facts) ?? noReason(reason);
  if (no !== undefined) return refused(no);
  const { hash } = approval;
  const vote: Vote = { person: by.id, decision: "deny", at: facts.now, hash, reason };
  const ending = { at: facts.now, by: by.id, reason };
  return next(
    approval,
    { state: "denied", votes: [...approval.votes, vote], ending },
    tellRequester(approval),
  );
}

function unfit(approval: RequestedApproval, by: Person, facts: ApprovalFacts): Refusal | undefined {
  return (
    unlinked(by) ??
    nobodyInParticular(by, facts) ??
    unpermitted(by, facts) ??
    biased(approval, by, facts)
  );
}

/** Whoever votes is counted as they stand in this very event. */
function withVoter(facts: ApprovalFacts, by: Person): ApprovalFacts {
  return { ...facts, people: [by, ...facts.people.filter(({ id }) => id !== by.id)] };
}
