import type { RequestedApproval, Vote } from "./approval.ts";
import type { ApprovalFacts } from "./events.ts";
import { asksForLogin } from "./guards.ts";
import type { Person } from "./person.ts";
import type { Quorum } from "./policy.ts";
import { quorumFor } from "./quorum.ts";
import type { FoundRisk } from "./risk.ts";

/**
 * Takes a request up to the class that it is found to be of now, with the quorum of that; leaves it as it is where that is
 * no higher: neither ever falls. Who has voted has voted for the same plan; only where a fresh login is asked for from now
 * on they are asked again.
 */
export function risenTo(
  approval: RequestedApproval,
  { risk, why }: FoundRisk,
  { now, policy, people }: ApprovalFacts,
): RequestedApproval {
  const { request, risk: from } = approval;
  if (risk <= from) return approval;
  const quorum = quorumFor(policy, risk, requesterOf(approval, people), people, approval.concerned);
  const isAskedAgain = asksForLogin(policy, risk) && !asksForLogin(policy, from);
  const votes: readonly Vote[] = isAskedAgain ? [] : approval.votes;
  return {
    ...{ ...approval, risk, votes, risen: { from, at: now, why } },
    request: { ...request, quorum: higher(request.quorum, quorum) },
  };
}

/** Who asked, wherever they are by now: they count among the Super Admins that there are. */
function requesterOf({ request }: RequestedApproval, people: readonly Person[]): Person {
  const { by: id } = request;
  const gone: Person = { id, name: id, identity: "linked", isPermitted: false, rank: "member" };
  return people.find((person) => person.id === id) ?? gone;
}

function higher(one: Quorum, other: Quorum): Quorum {
  return {
    approvals: Math.max(one.approvals, other.approvals),
    admins: Math.max(one.admins, other.admins),
    superAdmins: Math.max(one.superAdmins, other.superAdmins),
  };
}
