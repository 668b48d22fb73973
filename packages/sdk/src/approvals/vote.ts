import type { RequestedApproval, Vote } from "./approval.ts";
import { clear } from "./clearance.ts";
import type { ApprovalEffect, ApprovalEvent, ApprovalFacts } from "./events.ts";
import {
  biased,
  frozen,
  nobodyInParticular,
  noReason,
  notFresh,
  otherHash,
  tooLate,
  unlinked,
  unpermitted,
} from "./guards.ts";
import type { Person } from "./person.ts";
import { approversOf, isComplete, missingVotes } from "./quorum.ts";
import type { Refusal } from "./refusal.ts";
import { warnOf } from "./request.ts";
import { next, refused, type TransitionResult, tellRequester } from "./result.ts";
import { risenTo } from "./rise.ts";

/** Somebody approves, by what can go wrong in this very moment. */
export function approve(
  asked: RequestedApproval,
  event: Extract<ApprovalEvent, { kind: "approve" }>,
  given: ApprovalFacts,
): TransitionResult {
  const { by, hash, found } = event;
  const facts = withVoter(given, by);
  const approval = risenTo(asked, found, facts);
  const no =
    unfit(approval, by, facts) ??
    otherHash(approval, hash) ??
    frozen(facts) ??
    tooLate(approval, facts) ??
    notFresh(approval, by, facts);
  if (no !== undefined) return refused(no);
  const vote: Vote = { person: by.id, decision: "approve", at: facts.now, hash };
  const voted: RequestedApproval = { ...approval, votes: [...approval.votes, vote] };
  const missing = missingVotes(voted, approval.request.quorum, facts.people);
  const news = approval === asked ? [] : tellRisen(voted, facts);
  const result = isComplete(missing)
    ? clear(voted, facts)
    : next(voted, {}, [...tellRequester(approval), ...warnOf(voted, facts)]);
  return result.ok ? { ...result, effects: [...news, ...result.effects] } : result;
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

/** The effect of saying that it is of a higher class, to who asked and to those who can still approve. */
function tellRisen(
  approval: RequestedApproval,
  { people }: ApprovalFacts,
): readonly ApprovalEffect[] {
  const others = approversOf(approval, people).map(({ id }) => id);
  return [{ kind: "tell_risen", people: [approval.request.by, ...others] }];
}

function unfit(approval: RequestedApproval, by: Person, facts: ApprovalFacts): Refusal | undefined {
  const could = approversOf(approval, facts.people, by);
  return (
    unlinked(by) ??
    nobodyInParticular(by, could) ??
    unpermitted(by, could) ??
    biased(approval, by, facts)
  );
}

/** Whoever votes is counted as they stand in this very event. */
function withVoter(facts: ApprovalFacts, by: Person): ApprovalFacts {
  return { ...facts, people: [by, ...facts.people.filter(({ id }) => id !== by.id)] };
}
