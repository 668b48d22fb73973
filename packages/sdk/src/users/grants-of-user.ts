import type { Id } from "../ids.ts";
import { OURSELVES } from "../ourselves.ts";
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
  return (await grantsByPerson(tx, stored)).get(user) ?? [];
}

/** Returns what people hold by grants as they are stored, under the ids of the people. */
export async function grantsByPerson(
  tx: OrgTransaction,
  stored: readonly StoredGrant[],
): Promise<ReadonlyMap<string, readonly Grant[]>> {
  const ofPeople = stored.filter(({ principalKind }) => principalKind === "user");
  const roles = new Map<string, Role | undefined>();
  for (const { role } of ofPeople) {
    if (!roles.has(role)) roles.set(role, await findRole(tx, role));
  }
  const byPerson = new Map<string, Grant[]>();
  for (const grant of ofPeople) {
    const given = grantOf(tx, grant, roles.get(grant.role));
    if (given === undefined) continue;
    const held = byPerson.get(grant.principal);
    if (held === undefined) byPerson.set(grant.principal, [given]);
    else held.push(given);
  }
  return byPerson;
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
  // What governs is decided on by those who hold the organisation, and by nobody on a part of it.
  if (kind === "connection" && name === OURSELVES.connection) return undefined;
  if (kind === "connection") return { kind: "connection", org, connection: name };
  return kind === "project" ? { kind: "project", org, project: name } : undefined;
}

/** Returns what a stored grant gives; nothing when its role or what it is limited to is no more. */
export async function toGrant(tx: OrgTransaction, stored: StoredGrant): Promise<Grant | undefined> {
  return grantOf(tx, stored, await findRole(tx, stored.role));
}

function grantOf(
  tx: OrgTransaction,
  stored: StoredGrant,
  role: Role | undefined,
): Grant | undefined {
  const scope = scopeOfGrant(tx, stored.scope);
  if (role === undefined || scope === undefined) return undefined;
  return { role, scope, expiresAt: stored.expiresAt ?? undefined };
}
