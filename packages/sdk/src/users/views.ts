import type { Id } from "../ids.ts";
import type { ChatAddress, OrgTransaction, StoredGrant, StoredUser } from "../store/index.ts";

/** A person of an organisation. */
export interface UserView {
  readonly id: Id<"usr">;
  /** Lower case; unique in the organisation. */
  readonly email: string;
  readonly name: string;
  /** Who is disabled may do nothing, at once. */
  readonly status: "active" | "disabled";
  /** The chat accounts that are known to be theirs. */
  readonly accounts: readonly ChatAddress[];
  readonly createdAt: Date;
}

/** A role that somebody holds. */
export interface GrantView {
  readonly id: Id<"grt">;
  /** Whose it is: the id of a person. */
  readonly user: string;
  /** The key of a role, for example `operator`. */
  readonly role: string;
  /** `org`, or what it is limited to, for example `connection:gold`. */
  readonly scope: string;
  readonly expiresAt: Date | undefined;
  /** Whether the configuration gave it; then the configuration takes it away. */
  readonly isConfigured: boolean;
  readonly createdBy: string;
  readonly createdAt: Date;
}

/** Shows a person, with their chat accounts. */
export async function userView(tx: OrgTransaction, user: StoredUser): Promise<UserView> {
  return viewWith(user, await tx.chatAccounts.list(user.id));
}

/** Shows everybody of an organisation, the oldest first. */
export async function userViews(tx: OrgTransaction): Promise<readonly UserView[]> {
  const links = await tx.chatAccounts.list();
  return (await tx.users.list()).map((user) =>
    viewWith(
      user,
      links.filter(({ userId }) => userId === user.id),
    ),
  );
}

/** Shows a grant. */
export function grantView(grant: StoredGrant): GrantView {
  const { id, principal: user, role, scope, expiresAt, source, createdBy, createdAt } = grant;
  const isConfigured = source === "bootstrap";
  const until = expiresAt ?? undefined;
  return { id, user, role, scope, expiresAt: until, isConfigured, createdBy, createdAt };
}

function viewWith(
  { id, email, name, status, createdAt }: StoredUser,
  links: readonly ChatAddress[],
): UserView {
  const accounts = links.map(({ platform, workspace, account }) => ({
    platform,
    workspace,
    account,
  }));
  return { id, email, name, status, accounts, createdAt };
}
