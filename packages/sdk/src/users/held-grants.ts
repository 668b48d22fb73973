import { Kappa4Error } from "@kappa4/connectors";
import type { OrgTransaction, StoredGrant } from "../store/index.ts";

/** What is about to be taken away. */
export interface Granted {
  /** For people, for example `the role night-shift`. */
  readonly what: string;
  /** Tells whether a grant names it. */
  isIn(grant: StoredGrant): boolean;
}

/**
 * Refuses to take away what somebody still holds: that must not take rights away that nobody spoke of. A grant that has
 * run out holds nothing. Throws `failed_precondition`.
 */
export async function refuseHeld(tx: OrgTransaction, granted: Granted, now: Date): Promise<void> {
  const grants = (await tx.grants.list()).filter((grant) => granted.isIn(grant));
  const held = grants.filter(({ expiresAt }) => expiresAt === null || expiresAt > now).length;
  if (held === 0) return;
  const [many, them] = held === 1 ? ["1 grant", "it"] : [`${held} grants`, "them"];
  const message = `Somebody still holds ${granted.what}, by ${many}; revoke ${them} first, grants.list has ${them}.`;
  throw new Kappa4Error("failed_precondition", message, { retryable: false });
}

/** The same, and clears away the grants of it that have run out: they would name what is no more. */
export async function clearGrants(tx: OrgTransaction, granted: Granted, now: Date): Promise<void> {
  await refuseHeld(tx, granted, now);
  for (const grant of await tx.grants.list()) {
    if (granted.isIn(grant)) await tx.grants.delete(grant.id);
  }
}
