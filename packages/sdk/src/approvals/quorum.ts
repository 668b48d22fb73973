import { type Approval, isInvolved } from "./approval.ts";
import { byRank, isAdmin, type Person } from "./person.ts";
import type { ApprovalPolicy, Quorum } from "./policy.ts";
import type { RiskClass } from "./risk.ts";

const NOBODY: Quorum = { approvals: 0, admins: 0, superAdmins: 0 };
const MANY_SUPER_ADMINS = 3;

/**
 * Works out what a request takes: by its risk, and by how many Super Admins the organisation has besides those whom it
 * takes something from.
 */
export function quorumFor(
  policy: ApprovalPolicy,
  risk: RiskClass,
  requester: Person,
  people: readonly Person[],
  concerned: readonly string[] = [],
): Quorum {
  if (requester.identity === "local" && policy.local === "trusted") return NOBODY;
  const rule = policy.quorum[risk];
  const everybody = new Map([...people, requester].map((person) => [person.id, person]));
  // Whoever holds the process is nobody in particular: no Super Admin besides the others.
  const superAdmins = [...everybody.values()].filter(
    ({ id, rank, identity }) =>
      rank === "super_admin" && identity === "linked" && !concerned.includes(id),
  ).length;
  const needed =
    superAdmins >= MANY_SUPER_ADMINS
      ? (rule.superAdminsOfThree ?? rule.superAdmins)
      : rule.superAdmins;
  return {
    approvals: Math.max(rule.approvals, rule.admins, needed),
    admins: Math.max(rule.admins, needed),
    superAdmins: needed,
  };
}

/**
 * Lists those who can approve this, the highest first: whoever names or tells only some of them names those who can
 * complete it. Other than those who have voted, and than `refused`, who is told of the others.
 */
export function approversOf(
  approval: Approval,
  people: readonly Person[],
  refused?: Person,
): readonly Person[] {
  const voters = new Set(approval.votes.map(({ person }) => person));
  return people
    .filter(
      (person) => mayCount(approval, person) && !voters.has(person.id) && person.id !== refused?.id,
    )
    .toSorted(byRank);
}

/**
 * Works out what is still missing of a quorum. A vote counts while its voter could still give it: who has lost
 * the permission since, no longer counts.
 */
export function missingVotes(
  approval: Approval,
  quorum: Quorum,
  people: readonly Person[],
): Quorum {
  const voters = approval.votes
    .filter((vote) => vote.decision === "approve" && vote.hash === approval.hash)
    .flatMap((vote) => people.filter(({ id }) => id === vote.person))
    .filter((person) => mayCount(approval, person));
  return shortfall(quorum, voters);
}

/** Works out what would still be missing if everybody who can approve did. */
export function unreachable(approval: Approval, quorum: Quorum, people: readonly Person[]): Quorum {
  const missing = missingVotes(approval, quorum, people);
  return shortfall(missing, approversOf(approval, people));
}

/** Tells whether nothing is missing. */
export function isComplete({ approvals, admins, superAdmins }: Quorum): boolean {
  return approvals <= 0 && admins <= 0 && superAdmins <= 0;
}

function mayCount(approval: Approval, person: Person): boolean {
  return person.identity === "linked" && person.isPermitted && !isInvolved(approval, person);
}

function shortfall(quorum: Quorum, voters: readonly Person[]): Quorum {
  const people = [...new Map(voters.map((person) => [person.id, person])).values()];
  const superAdmins = people.filter(({ rank }) => rank === "super_admin").length;
  return {
    approvals: Math.max(0, quorum.approvals - people.length),
    admins: Math.max(0, quorum.admins - people.filter(isAdmin).length),
    superAdmins: Math.max(0, quorum.superAdmins - superAdmins),
  };
}
