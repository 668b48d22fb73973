import { can, type Grant, type Permission, type Scope } from "../permissions/index.ts";
import type { OrgTransaction } from "../store/index.ts";
import { grantsOf, judge } from "./authorise.ts";
import type { Systems } from "./context.ts";
import type { Passing } from "./passing.ts";

/** Tells whether grants hold a permission on the organisation, or on any part of it. */
export function holdsSomewhere(
  grants: readonly Grant[],
  permission: Permission,
  org: string,
  now: Date,
): boolean {
  return grants.some(({ scope }) => {
    const isHere = scope.kind === "platform" || scope.org === org;
    return isHere && can(grants, permission, scope, now);
  });
}

/** Carries out `reached` of the context, see there. */
export async function reachedBy(
  tx: OrgTransaction,
  { caller, action, input }: Passing,
  systems: Systems,
  now: Date,
): Promise<readonly string[] | undefined> {
  const { org } = tx;
  const scope = action.scope(input);
  const named = scope.kind === "reachable" ? scope.connection : undefined;
  if (named !== undefined) return [await kept(tx, systems, named)];
  const grants = await grantsOf(tx, caller);
  const { permission } = action;
  const all: Scope = { kind: "org", org };
  if (can(grants, permission, all, now)) return undefined;
  const standing = judge(action, all, grants, now);
  // Who follows something may have lost all of it meanwhile.
  if (!holdsSomewhere(grants, permission, org, now) && !standing.ok) throw standing.error;
  const connections = grants.flatMap(({ scope: held }) =>
    held.kind === "connection" && held.org === org ? [held.connection] : [],
  );
  return [...new Set(connections)].filter((connection) =>
    can(grants, permission, { kind: "connection", org, connection }, now),
  );
}

/** A connection that is configured, or that something was planned for: what came of that stays readable. */
async function kept(tx: OrgTransaction, systems: Systems, connection: string): Promise<string> {
  if (systems.names.includes(connection)) return connection;
  const planned = await tx.plans.list({ connections: [connection], limit: 1 });
  return planned.length > 0 ? connection : systems.nameOf(connection);
}
