import { type Approval, isConcerned, isInvolved, type RequestedApproval } from "./approval.ts";
import type { ApprovalFacts } from "./events.ts";
import { isAdmin, namesOf, type Person } from "./person.ts";
import type { ApprovalPolicy } from "./policy.ts";
import { approversOf } from "./quorum.ts";
import { type Refusal, refusal } from "./refusal.ts";
import type { RiskClass } from "./risk.ts";
import { duration } from "./words.ts";

/** Refuses an account that could be anybody's. */
export function unlinked(by: Person): Refusal | undefined {
  if (by.identity !== "unlinked") return undefined;
  return refusal(
    "not_linked",
    "This chat account is not linked to a person yet; link it, then do this again.",
  );
}

/** Refuses whoever holds the process where a word must be one person's. */
export function nobodyInParticular(by: Person, could: readonly Person[]): Refusal | undefined {
  if (by.identity !== "local") return undefined;
  const who =
    could.length === 0
      ? "and nobody here has a role that could; give somebody one"
      : `${namesOf(could)} can, in chat`;
  return refusal(
    "local_cannot_vote",
    `The terminal could be anybody, so it cannot decide here; ${who}.`,
  );
}

/** Refuses who lacks the permission that the plan asks for. */
export function unpermitted(by: Person, could: readonly Person[]): Refusal | undefined {
  if (by.isPermitted) return undefined;
  const whom = could.length === 0 ? "" : `ask ${namesOf(could)}, or `;
  return refusal(
    "not_permitted",
    `You are not permitted to do this; ${whom}ask a Super Admin for the role.`,
  );
}

/** Refuses who asked for it, who had a hand in it, and who has voted. */
export function biased(
  approval: Approval,
  by: Person,
  { people }: ApprovalFacts,
): Refusal | undefined {
  const rest = approversOf(approval, people, by);
  const others = namesOf(rest);
  if (approval.request?.by === by.id) {
    return refusal(
      "own_request",
      `You asked for this yourself, so somebody else has to decide; ask ${others}, or withdraw it.`,
    );
  }
  const own = ownMatter(approval, by, rest);
  if (own !== undefined) return own;
  if (isInvolved(approval, by)) {
    return refusal(
      "own_edit",
      `You chose what this plan does, so somebody else has to decide; ask ${others}.`,
    );
  }
  if (!approval.votes.some(({ person }) => person === by.id)) return undefined;
  return refusal(
    "already_voted",
    rest.length === 0
      ? "Your word is counted already, and nobody else here may approve this; somebody has to be given a role that may."
      : `Your word is counted already; ask ${others} for theirs.`,
  );
}

/** Refuses from whom it takes something: they neither decide on it nor stop it, unless they asked for it themselves. */
export function ownMatter(
  approval: Approval,
  by: Person,
  others: readonly Person[],
): Refusal | undefined {
  const { request } = approval;
  if (!isConcerned(approval, by) || request?.by === by.id) return undefined;
  return refusal(
    "own_matter",
    `This takes something from yourself, so others decide; ask ${namesOf(others)}.`,
  );
}

/** Refuses who has not proved freshly who they are, where the policy asks for it. */
export function notFresh(
  approval: Approval,
  by: Person,
  { now, policy }: ApprovalFacts,
): Refusal | undefined {
  const isAsked = asksForLogin(policy, approval.risk);
  const age = Math.abs(now.getTime() - (by.steppedUpAt?.getTime() ?? Number.NaN));
  if (!isAsked || age <= policy.stepUpMaxAgeMs) return undefined;
  return refusal(
    "step_up_needed",
    `This takes a login not older than ${duration(policy.stepUpMaxAgeMs)}; log in again, then repeat it.`,
  );
}

/** Tells whether who votes on a class must have logged in freshly. */
export function asksForLogin({ stepUpFrom }: ApprovalPolicy, risk: RiskClass): boolean {
  return stepUpFrom !== "never" && risk >= stepUpFrom;
}

/** Refuses who is no Admin. */
export function noAdmin(by: Person, { people }: ApprovalFacts): Refusal | undefined {
  if (isAdmin(by)) return undefined;
  return refusal("not_admin", `Only an Admin may do this; ask ${namesOf(people.filter(isAdmin))}.`);
}

/** Refuses a plan that is not the one that was shown. */
export function otherHash(approval: Approval, hash: string): Refusal | undefined {
  if (hash === approval.hash) return undefined;
  return refusal(
    "hash_differs",
    "This is not the plan you were shown; look at the plan as it is now, then decide.",
  );
}

/** Refuses what comes after the time to decide. */
export function tooLate(
  { request }: RequestedApproval,
  { now }: ApprovalFacts,
): Refusal | undefined {
  if (now < request.deadline) return undefined;
  return refusal(
    "deadline_passed",
    "The time to decide is over and nothing was done; the requester can plan and ask again.",
  );
}

/** Characters of the shortest reason. */
const SHORTEST_REASON = 3;

/** Refuses a reason that says nothing. */
export function noReason(reason: string | undefined): Refusal | undefined {
  if (reason !== undefined && reason.trim().length >= SHORTEST_REASON) return undefined;
  return refusal(
    "reason_missing",
    "This needs a reason; do it again and say why in 3 to 500 characters.",
  );
}

/** Refuses while changes are frozen. */
export function frozen({ isFrozen, freeze }: ApprovalFacts): Refusal | undefined {
  if (!isFrozen) return undefined;
  const what =
    freeze === undefined
      ? "Changes are frozen, or nobody can tell whether they are"
      : `Changes are frozen, by ${freeze.by}: ${freeze.reason}`;
  return refusal("frozen", `${what}; a Super Admin can lift the freeze, then do this again.`);
}
