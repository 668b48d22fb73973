import { Kappa4Error } from "@kappa4/connectors";
import { builtInRole } from "../permissions/index.ts";
import type { OrgTransaction, StoredRole } from "../store/index.ts";
import { noSuchRole } from "../users/no-such-role.ts";

/** Finds a role of the organisation's own. Throws `not_found`, and `failed_precondition` for a built-in one. */
export async function getOwnRole(tx: OrgTransaction, key: string): Promise<StoredRole> {
  if (builtInRole(key) !== undefined) {
    const message = `${key} is built in; it stays as it is.`;
    throw new Kappa4Error("failed_precondition", message, { retryable: false });
  }
  const role = await tx.roles.findByKey(key);
  if (role !== undefined) return role;
  throw new Kappa4Error("not_found", await noSuchRole(tx, key));
}
