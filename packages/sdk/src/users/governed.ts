import { Kappa4Error } from "@kappa4/connectors";
import { leavesSuperAdmin, type Role } from "../permissions/index.ts";
import type { OrgTransaction } from "../store/index.ts";
import { grantsByPerson } from "./grants-of-user.ts";

/** What is about to go, or to become something else. */
export interface Loss {
  readonly withoutUser?: string | undefined;
  readonly withoutGrant?: string | undefined;
  /** A role of the organisation's own as it is to be. */
  readonly withRole?: Role | undefined;
}

/** Refuses to take the last Super Admin away: nobody could give a role any more. Throws `failed_precondition`. */
export async function refuseUngoverned(tx: OrgTransaction, loss: Loss, now: Date): Promise<void> {
  // Two who each see the other stay would leave together.
  await tx.hold("super admins");
  if (!(await isGoverned(tx, {}, now)) || (await isGoverned(tx, loss, now))) return;
  const message =
    "This would leave nobody who is Super Admin for good; make somebody else one first.";
  throw new Kappa4Error("failed_precondition", message, { retryable: false });
}

async function isGoverned(tx: OrgTransaction, loss: Loss, now: Date): Promise<boolean> {
  const stored = (await tx.grants.list()).filter(({ id }) => id !== loss.withoutGrant);
  const held = await grantsByPerson(tx, stored);
  const users = (await tx.users.list()).filter(
    ({ id, status }) => status === "active" && id !== loss.withoutUser,
  );
  const people = users.map(({ id }) =>
    (held.get(id) ?? []).map((grant) =>
      grant.role.key === loss.withRole?.key ? { ...grant, role: loss.withRole } : grant,
    ),
  );
  return leavesSuperAdmin(people, tx.org, now);
}
