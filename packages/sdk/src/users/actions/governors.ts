import { Kappa4Error } from "@kappa4/connectors";
import type { Caller } from "../../actions/actor.ts";
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
    const before = askedOf(ANYBODY, people).approvals;
    const after = askedOf(
      ANYBODY,
      people.filter((person) => person.id !== id),
    ).approvals;
    if (after >= before) continue;
    const message = `Without ${name}, ${after} instead of ${before} would have to approve what governs, so others are asked first: take their role with grants.revoke.`;
    throw new Kappa4Error("failed_precondition", message, { retryable: false });
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
  const scope = { kind: "org", org: tx.org } as const;
  const decides = can(await grantsOfUser(tx, id), PERMISSION, scope, now);
  if (!decides || (await governorsOf(tx, caller, scope, now)).isFree) return;
  const message = `${name} would decide on what governs again, so others are asked first: use users.reactivate.`;
  throw new Kappa4Error("failed_precondition", message, { retryable: false });
}

/** Those who decide on what governs the organisation, or the platform, how many of them somebody needs, and whether the caller needs none. */
async function governorsOf(tx: OrgTransaction, caller: Caller, scope: Scope, now: Date) {
  const standing = { permission: PERMISSION, scope, now } as const;
  const policy = await policyOf(tx);
  const people = await peopleWho(tx, standing);
  const askedOf = (asking: Person, among: readonly Person[]) =>
    quorumFor(policy, HIGHEST_CLASS, asking, among);
  const isFree = isComplete(askedOf(await callerAsPerson(tx, caller, standing), people));
  return { people, isFree, askedOf };
}
