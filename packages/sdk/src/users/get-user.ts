import { Kappa4Error } from "@kappa4/connectors";
import { isId } from "../ids.ts";
import type { OrgTransaction, StoredUser } from "../store/index.ts";

/** Finds a person by id or e-mail address. Throws `not_found`. */
export async function getUser(tx: OrgTransaction, name: string): Promise<StoredUser> {
  const user = isId("usr", name) ? await tx.users.find(name) : await tx.users.findByEmail(name);
  if (user !== undefined) return user;
  throw new Kappa4Error(
    "not_found",
    `There is nobody called ${name}; list people with users.list.`,
  );
}
