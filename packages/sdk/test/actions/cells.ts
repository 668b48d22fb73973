import { judge } from "../../src/actions/authorise.ts";
import type { Action } from "../../src/actions/define.ts";
import {
  BUILT_IN_ROLES,
  type BuiltInRole,
  ROLE_TITLES,
  type Scope,
} from "../../src/permissions/index.ts";
import { actionsByName } from "../../src/register.ts";
import { isWritten, OWN } from "../permissions/role-matrix.ts";

/** Whether somebody with a role may do something, as the code judges and as it was written down. */
export interface ActionCell {
  readonly action: string;
  readonly role: BuiltInRole;
  /** Whether they asked themselves for what it is done to; always false where nobody asked for it. */
  readonly isOwn: boolean;
  readonly isAllowed: boolean;
  readonly isExpected: boolean;
}

const NOW = new Date("2026-11-21T12:00:00Z");
const ORG = { kind: "org", org: "org_one" } as const;
const roles = Object.keys(ROLE_TITLES) as readonly BuiltInRole[];

/** Every action for every built-in role, and what is done to something that was asked for both for one's own and not. */
export function actionCells(): readonly ActionCell[] {
  return [...actionsByName.values()].flatMap((action) => {
    const hasMaker = ["plan", "run", "approval"].includes(action.scope({}).kind);
    const owns = hasMaker ? [false, true] : [false];
    return owns.flatMap((isOwn) => roles.map((role) => cell(action, role, isOwn)));
  });
}

function cell(action: Action, role: BuiltInRole, isOwn: boolean): ActionCell {
  const { name, permission } = action;
  const scope = scopeOf(action);
  const held = scope.kind === "platform" ? scope : ORG;
  const grants = [{ role: BUILT_IN_ROLES[role], scope: held }];
  const isHeldForOwn = isOwn && (OWN[role] ?? []).includes(permission);
  return {
    ...{ action: name, role, isOwn },
    isAllowed: judge(action, scope, grants, NOW, { isOwn }).ok,
    isExpected: isWritten(role, permission) || isHeldForOwn,
  };
}

/** What an action asks its permission on, with names that exist. */
export function scopeOf(action: Action): Scope {
  const { kind } = action.scope({});
  if (kind === "platform") return { kind };
  if (kind === "org") return ORG;
  return { kind: "connection", org: ORG.org, connection: "gold" };
}
