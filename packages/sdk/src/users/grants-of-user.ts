import type { Id } from "../ids.ts";
import {
  builtInRole,
  type Grant,
  isPermission,
  type Role,
  type Scope,
} from "../permissions/index.ts";
import type { OrgTransaction, StoredGrant } from "../store/index.ts";

/** Returns what a person holds by their grants; a role that is no more gives nothing. */
export async function grantsOfUser(tx: OrgTransaction, user: Id<"usr">): Promise<readonly Grant[]> {
  const stored = await tx.grants.list({ principalKind: "user", principal: user });
  const grants = await Promise.all(stored.map((grant) => toGrant(tx, grant)));
  return grants.flatMap((grant) => grant ?? []);
}

/** Returns a role by its key: a built-in one, or one of the organisation. */
export async function findRole(tx: OrgTransaction, key: string): Promise<Role | undefined> {
  const builtIn = builtInRole(key);
  if (builtIn !== undefined) return builtIn;
  const own = await tx.roles.findByKey(key);
  return own && { key, permissions: own.permissions.filter(isPermission) };
}

/** Returns a scope as grants are stored: `org`, `connection:gold`, `project:prj_…`. */
function scopeOfGrant(tx: OrgTransaction, text: string): Scope | undefined {
  const { org } = tx;
  // Only who holds the platform can give it, from whichever organisation.
  if (text === "platform") return { kind: "platform" };
  if (text === "org") return { kind: "org", org };
  const [kind, name] = text.split(/:(.*)/s);
  if (name === undefined || name === "") return undefined;
  if (kind === "connection") return { kind: "connection", org, connection: name };
  return kind === "project" ? { kind: "project", org, project: name } : undefined;
}

/** Returns what a stored grant gives; nothing when its role or what it is limited to is no more. */
export async function toGrant(tx: OrgTransaction, stored: StoredGrant): Promise<Grant | undefined> {
  const role = await findRole(tx, stored.role);
  const scope = scopeOfGrant(tx, stored.scope);
  if (role === undefined || scope === undefined) return undefined;
  return { role, scope, expiresAt: stored.expiresAt ?? undefined };
}
