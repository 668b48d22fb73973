import { Kappa4Error } from "@kappa4/connectors";
import { type Caller, personOf } from "../../actions/actor.ts";
import { isComplete, type Person, quorumFor, type RiskClass } from "../../approvals/index.ts";
import { callerAsPerson, peopleWho } from "../../approving/people.ts";
import { policyOf } from "../../approving/policy.ts";
import { can, type Scope } from "../../permissions/index.ts";
import type { OrgTransaction, StoredUser } from "../../store/index.ts";
import { grantsOfUser } from "../grants-of-user.ts";

const HIGHEST_CLASS: RiskClass = 4;
const PERMISSION = "system.write";

/** Asks for something, and is none of those who approve. */
const ANYBODY: Person = {
  ...{ id: "", name: "anybody", identity: "linked" },
  ...{ isPermitted: true, rank: "member" },
};

/**
 * Refuses to disable a person without whom fewer people would have to approve what governs: then their role is to be
 * taken first, which asks others. Who needs nobody for that anyway may. Throws `failed_precondition`.
 */
export async function refuseFewerApprovers(
  tx: OrgTransaction,
  caller: Caller,
  { id, name }: StoredUser,
  now: Date,
): Promise<void> {
  for (const scope of [{ kind: "org", org: tx.org }, { kind: "platform" }] as const) {
    const { people, isFree, askedOf } = await governorsOf(tx, caller, scope, now);
    if (isFree) return;
    const rest = people.filter((person) => person.id !== id);
    // It would also take fewer to take the role of one of the others.
    for (const loser of [undefined, ...rest]) {
      const before = askedOf(ANYBODY, people, loser).approvals;
      const after = askedOf(ANYBODY, rest, loser).approvals;
      if (after >= before) continue;
      const what = loser === undefined ? "what governs" : `that ${loser.name} loses a role`;
      const message = `Without ${name}, ${after} instead of ${before} would have to approve ${what}, so others are asked first: take their role with grants.revoke.`;
      throw new Kappa4Error("failed_precondition", message, { retryable: false });
    }
  }
}

/**
 * Refuses to make a person active again who would decide on what governs: others are asked, as for a role. Who needs nobody
 * for that anyway may. Throws `failed_precondition`.
 */
export async function refuseAnotherApprover(
  tx: OrgTransaction,
  caller: Caller,
  { id, name }: StoredUser,
  now: Date,
): Promise<void> {
  if (!(await decides(tx, caller, id, now))) return;
  const message = `${name} would decide on what governs again, so others are asked first: use users.reactivate.`;
  throw new Kappa4Error("failed_precondition", message, { retryable: false });
}

/**
 * Refuses to take the last chat account from a person who decides on what governs: they could not do so any more. Who needs
 * nobody for that anyway may. Throws `failed_precondition`.
 */
export async function refuseMute(
  tx: OrgTransaction,
  caller: Caller,
  { id, name }: StoredUser,
  now: Date,
): Promise<void> {
  // Anybody may give up their own.
  if (personOf(caller.actor) === id) return;
  if ((await tx.chatAccounts.list(id)).length > 1 || !(await decides(tx, caller, id, now))) return;
  const message = `${name} decides on what governs, and has no other chat account to do so from; link another one first, or take their role with grants.revoke, which asks others.`;
  throw new Kappa4Error("failed_precondition", message, { retryable: false });
}

/** Tells whether somebody holds what it takes to decide on what governs, and the caller would have to ask for that. */
async function decides(tx: OrgTransaction, caller: Caller, id: StoredUser["id"], now: Date) {
  const scope = { kind: "org", org: tx.org } as const;
  if (!can(await grantsOfUser(tx, id), PERMISSION, scope, now)) return false;
  return !(await governorsOf(tx, caller, scope, now)).isFree;
}

/** Those who decide on what governs the organisation, or the platform, how many of them somebody needs, and whether the caller needs none. */
async function governorsOf(tx: OrgTransaction, caller: Caller, scope: Scope, now: Date) {
  const standing = { permission: PERMISSION, scope, now } as const;
  const policy = await policyOf(tx);
  const people = await peopleWho(tx, standing);
  const askedOf = (asking: Person, among: readonly Person[], loser?: Person) =>
    quorumFor(policy, HIGHEST_CLASS, asking, among, loser && [loser.id]);
  const isFree = isComplete(askedOf(await callerAsPerson(tx, caller, standing), people));
  return { people, isFree, askedOf };
}
