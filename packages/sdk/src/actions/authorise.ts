import { Kappa4Error } from "@kappa4/connectors";
import { getApproval } from "../approving/get-approval.ts";
import {
  BUILT_IN_ROLES,
  can,
  type Grant,
  ROLE_TITLES,
  rolesWith,
  type Scope,
} from "../permissions/index.ts";
import { getPlan } from "../plans/get-plan.ts";
import { getRun } from "../runs/get-run.ts";
import type { OrgTransaction } from "../store/index.ts";
import { grantsOfUser } from "../users/grants-of-user.ts";
import { type Caller, personOf } from "./actor.ts";
import type { Systems } from "./context.ts";
import type { Action } from "./define.ts";

/** Whether a call may go on; a refusal says what the caller is told and what is put on record. */
export type Standing =
  | { readonly ok: true }
  | { readonly ok: false; readonly error: Kappa4Error; readonly reason: string };

/** Returns what a caller holds. The process itself, and Kappa4's own work, hold everything in the organisation. */
export async function grantsOf(tx: OrgTransaction, { actor }: Caller): Promise<readonly Grant[]> {
  const person = personOf(actor);
  // Whoever holds the process holds the store with it.
  if (actor.kind === "local") return [...everythingIn(tx.org), EVERYWHERE];
  if (person === undefined) return everythingIn(tx.org);
  const user = await tx.users.find(person);
  return user?.status === "active" ? grantsOfUser(tx, person) : [];
}

/** What the platform's own admins hold, across organisations. */
const EVERYWHERE: Grant = { role: BUILT_IN_ROLES.platform_admin, scope: { kind: "platform" } };

/** Everything that can be given within an organisation. */
function everythingIn(org: string): readonly Grant[] {
  return [{ role: BUILT_IN_ROLES.super_admin, scope: { kind: "org", org } }];
}

/** Puts the names of a call where its action says only what kind of thing it is about. Throws `not_found`. */
export async function scopeOf(
  tx: OrgTransaction,
  action: Action,
  input: unknown,
  systems: Systems,
): Promise<Scope> {
  const { org } = tx;
  const scope = action.scope(input);
  if (scope.kind === "platform") return scope;
  if (scope.kind === "org") return { kind: "org", org };
  if (scope.kind === "connection") {
    return { kind: "connection", org, connection: systems.nameOf(scope.connection) };
  }
  return { kind: "connection", org, connection: await connectionOf(tx, scope.kind, scope.name) };
}

async function connectionOf(
  tx: OrgTransaction,
  kind: "plan" | "run" | "approval",
  name: string,
): Promise<string> {
  if (kind === "plan") return (await getPlan(tx, name)).connection;
  if (kind === "run") return (await getRun(tx, name)).connection;
  const { planId } = await getApproval(tx, name);
  return (await getPlan(tx, planId)).connection;
}

/**
 * Tells whether somebody who holds these grants may do this. Who may not even see the thing is told what somebody
 * is told who asks for a thing that is not there.
 */
export function judge(action: Action, scope: Scope, grants: readonly Grant[], now: Date): Standing {
  if (can(grants, action.permission, scope, now)) return { ok: true };
  if (scope.kind === "connection" && !can(grants, "nodes.read", scope, now)) {
    return { ok: false, error: unseen(action), reason: "not visible" };
  }
  const roles = rolesWith(action.permission).map((role) => ROLE_TITLES[role]);
  const whom = roles.length === 0 ? "" : ` Ask somebody who is ${listed(roles.slice(0, 3))}.`;
  const message = `You may not do this (${action.name} needs the permission ${action.permission}).${whom}`;
  const error = new Kappa4Error("permission", message, { context: { operation: action.name } });
  return { ok: false, error, reason: `lacks ${action.permission}` };
}

/** The one answer for what is not there and for what somebody may not see. */
export function unseen({ name }: Action): Kappa4Error {
  const message = `There is no such thing here that you can see; check the name, or ask a Super Admin for a role on its connection.`;
  return new Kappa4Error("not_found", message, { context: { operation: name } });
}

function listed(words: readonly string[]): string {
  return new Intl.ListFormat("en", { type: "disjunction" }).format(words);
}
