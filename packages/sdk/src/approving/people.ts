import { actorName, type Caller, personOf } from "../actions/actor.ts";
import type { Person } from "../approvals/index.ts";
import { can, type Grant, type Permission, type Scope } from "../permissions/index.ts";
import type { OrgTransaction, StoredUser } from "../store/index.ts";
import { grantsByPerson, grantsOfUser } from "../users/grants-of-user.ts";

/** What somebody's standing is asked for. */
export interface Standing {
  readonly permission: Permission;
  readonly scope: Scope;
  readonly now: Date;
}

/** Everybody in the organisation who may do it, as they stand now. */
export async function peopleWho(
  tx: OrgTransaction,
  standing: Standing,
): Promise<readonly Person[]> {
  const users = (await tx.users.list()).filter(({ status }) => status === "active");
  const held = await grantsByPerson(tx, await tx.grants.list());
  const people = users.map((user) => personWith(held.get(user.id) ?? [], user, standing));
  return people.filter(({ isPermitted }) => isPermitted);
}

/** The caller, as a person who asks, votes or stops. */
export async function callerAsPerson(
  tx: OrgTransaction,
  { actor }: Caller,
  standing: Standing,
): Promise<Person> {
  const id = personOf(actor);
  if (id !== undefined) return personById(tx, id, standing);
  const name = actorName(actor);
  return { id: name, name, identity: "local", isPermitted: true, rank: "super_admin" };
}

/** Somebody who was named before, by the name under which they were put down. */
export async function personNamed(
  tx: OrgTransaction,
  name: string,
  standing: Standing,
): Promise<Person> {
  const user = (await tx.users.list()).find(({ id }) => id === name);
  if (user !== undefined) return personFor(tx, user, standing);
  const isOurs = name === "local" || name === "system";
  return {
    id: name,
    name,
    identity: isOurs ? "local" : "unlinked",
    isPermitted: isOurs,
    rank: isOurs ? "super_admin" : "member",
  };
}

async function personById(
  tx: OrgTransaction,
  id: StoredUser["id"],
  standing: Standing,
): Promise<Person> {
  const user = await tx.users.find(id);
  if (user !== undefined) return personFor(tx, user, standing);
  return { id, name: "somebody unknown", identity: "unlinked", isPermitted: false, rank: "member" };
}

async function personFor(
  tx: OrgTransaction,
  user: StoredUser,
  standing: Standing,
): Promise<Person> {
  const grants = user.status === "active" ? await grantsOfUser(tx, user.id) : [];
  return personWith(grants, user, standing);
}

function personWith(
  grants: readonly Grant[],
  { id, name, status }: StoredUser,
  { permission, scope, now }: Standing,
): Person {
  return {
    id,
    name,
    identity: status === "active" ? "linked" : "unlinked",
    isPermitted: can(grants, permission, scope, now),
    rank: rankOf(grants, scope, now),
  };
}

/** By what they may do, not by what their roles are called: an organisation has roles of its own. */
function rankOf(grants: readonly Grant[], scope: Scope, now: Date): Person["rank"] {
  if (can(grants, "system.write", scope, now)) return "super_admin";
  return can(grants, "config.write", scope, now) ? "admin" : "member";
}
