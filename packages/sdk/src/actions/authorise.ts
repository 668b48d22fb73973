import { Kappa4Error } from "@kappa4/connectors";
import { getApproval } from "../approving/get-approval.ts";
import {
  BUILT_IN_ROLES,
  can,
  type Grant,
  type Permission,
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
  if (actor.kind === "system") return everythingIn(tx.org);
  if (person === undefined) return [];
  const user = await tx.users.find(person);
  return user?.status === "active" ? grantsOfUser(tx, person) : [];
}

/** What the platform's own admins hold, across organisations. */
const EVERYWHERE: Grant = { role: BUILT_IN_ROLES.platform_admin, scope: { kind: "platform" } };

/** Everything that can be given within an organisation. */
function everythingIn(org: string): readonly Grant[] {
  return [{ role: BUILT_IN_ROLES.super_admin, scope: { kind: "org", org } }];
}

/** What a call is about, as far as who may do it goes. */
export interface Reach {
  /** Where it takes effect. */
  readonly scope: Scope;
  /** Who asked for the plan, run or approval that it names. Default: it names none. */
  readonly madeBy?: string | undefined;
  /** Whether whoever holds the permission on a part of it is let in, and answered about that part. Default false. */
  readonly isNarrowed?: boolean | undefined;
}

/** Puts the names of a call where its action says only what kind of thing it is about. Throws `not_found`. */
export async function reachOf(
  tx: OrgTransaction,
  action: Action,
  input: unknown,
  systems: Systems,
): Promise<Reach> {
  const { org } = tx;
  const scope = action.scope(input);
  if (scope.kind === "platform") return { scope };
  if (scope.kind === "org") return { scope: { kind: "org", org } };
  if (scope.kind === "reachable") {
    const { connection } = scope;
    if (connection === undefined) return { scope: { kind: "org", org }, isNarrowed: true };
    return { scope: { kind: "connection", org, connection } };
  }
  if (scope.kind === "connection") {
    return { scope: { kind: "connection", org, connection: systems.nameOf(scope.connection) } };
  }
  const { connection, madeBy } = await thingOf(tx, scope.kind, scope.name);
  return { scope: { kind: "connection", org, connection }, madeBy };
}

async function thingOf(
  tx: OrgTransaction,
  kind: "plan" | "run" | "approval",
  name: string,
): Promise<{ readonly connection: string; readonly madeBy: string }> {
  if (kind === "run") {
    const { connection, requestedBy } = await getRun(tx, name);
    return { connection, madeBy: requestedBy };
  }
  const approval = kind === "approval" ? await getApproval(tx, name) : undefined;
  const { connection, requestedBy } = await getPlan(tx, approval?.planId ?? name);
  return { connection, madeBy: approval?.approval.request?.by ?? requestedBy };
}

/** What of a call is judged besides its scope. */
export interface JudgeOptions {
  /** Whether who calls has asked for the thing themselves. Default false. */
  readonly isOwn?: boolean | undefined;
  /** Whether the call is the exception that its action allows, see `also` there. Default false. */
  readonly isException?: boolean | undefined;
  /** What the call takes as well, see `further` there. Default: nothing. */
  readonly further?: Permission | undefined;
}

/** Returns the permission that an action takes as well for this input; undefined where it takes none. */
export function furtherFor(action: Action, input: unknown): Permission | undefined {
  return action.further?.when(input) === true ? action.further.permission : undefined;
}

/**
 * Tells whether somebody who holds these grants may do this. Who may not even see the thing is told what somebody
 * is told who asks for a thing that is not there.
 */
export function judge(
  action: Action,
  scope: Scope,
  grants: readonly Grant[],
  now: Date,
  { isOwn = false, isException = false, further }: JudgeOptions = {},
): Standing {
  const { name, also } = action;
  const permission = [action.permission, further ?? action.permission].find(
    (needed) => !can(grants, needed, scope, now, { isOwn }),
  );
  if (permission === undefined) return { ok: true };
  const isExceptional = also !== undefined && can(grants, also.permission, scope, now);
  if (isException && isExceptional) return { ok: true };
  if (scope.kind === "connection" && !can(grants, "nodes.read", scope, now)) {
    return { ok: false, error: unseen(action), reason: "not visible" };
  }
  const isOthers = can(grants, permission, scope, now, { isOwn: true });
  const what = isOthers ? "do this to what others have asked for" : "do this";
  const roles = rolesWith(permission).map((role) => ROLE_TITLES[role]);
  const whom = roles.length === 0 ? "" : ` Ask somebody who is ${listed(roles.slice(0, 3))}.`;
  const wayOut = isExceptional ? ` ${also.hint}` : "";
  const message = `You may not ${what} (${name} needs the permission ${permission}).${whom}${wayOut}`;
  const error = new Kappa4Error("permission", message, { context: { operation: name } });
  return { ok: false, error, reason: `lacks ${permission}` };
}

/** The one answer for what is not there and for what somebody may not see. */
export function unseen({ name }: Action): Kappa4Error {
  const message = `There is no such thing here that you can see; check the name, or ask a Super Admin for a role on its connection.`;
  return new Kappa4Error("not_found", message, { context: { operation: name } });
}

function listed(words: readonly string[]): string {
  return new Intl.ListFormat("en", { type: "disjunction" }).format(words);
}
