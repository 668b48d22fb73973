import { newId } from "../ids.ts";
import type { ChatAddress, OrgTransaction, StoredGrant, StoredUser } from "../store/index.ts";

/** Makes a person without any right. */
export async function newUser(
  tx: OrgTransaction,
  { email, name }: Pick<StoredUser, "email" | "name">,
  now: number,
): Promise<StoredUser> {
  const at = new Date(now);
  const user: StoredUser = {
    id: newId("usr", now),
    email: email.toLowerCase(),
    name,
    status: "active",
    createdAt: at,
    updatedAt: at,
  };
  await tx.users.insert(user);
  return user;
}

/** A grant of the organisation as a whole that nobody had to be asked for. */
export async function grantRole(
  tx: OrgTransaction,
  { id: principal }: Pick<StoredUser, "id">,
  grant: Pick<StoredGrant, "role" | "source" | "createdBy">,
  now: number,
): Promise<void> {
  await tx.grants.put({
    ...{ id: newId("grt", now), principalKind: "user", principal, scope: "org", expiresAt: null },
    ...grant,
    createdAt: new Date(now),
  });
}

/** Stands in for an e-mail address that a surface does not tell; nothing can be sent to it (RFC 2606). */
export function emailOf({ platform, workspace, account }: ChatAddress): string {
  return `${account}.${workspace}@${platform}.invalid`.toLowerCase();
}
