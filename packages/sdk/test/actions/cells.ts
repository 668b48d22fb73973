import { judge } from "../../src/actions/authorise.ts";
import type { Action } from "../../src/actions/define.ts";
import {
  BUILT_IN_ROLES,
  type BuiltInRole,
  ROLE_TITLES,
  type Scope,
} from "../../src/permissions/index.ts";
import { actionsByName } from "../../src/register.ts";
import { isWritten } from "../permissions/role-matrix.ts";

/** Whether somebody with a role may do something, as the code judges and as it was written down. */
export interface ActionCell {
  readonly action: string;
  readonly role: BuiltInRole;
  readonly isAllowed: boolean;
  readonly isExpected: boolean;
}

const NOW = new Date("2026-11-21T12:00:00Z");
const ORG = { kind: "org", org: "org_one" } as const;
const roles = Object.keys(ROLE_TITLES) as readonly BuiltInRole[];

/** Every action for every built-in role. */
export function actionCells(): readonly ActionCell[] {
  return [...actionsByName.values()].flatMap((action) =>
    roles.map((role) => {
      const scope = scopeOf(action);
      const held = scope.kind === "platform" ? scope : ORG;
      const grants = [{ role: BUILT_IN_ROLES[role], scope: held }];
      return {
        action: action.name,
        role,
        isAllowed: judge(action, scope, grants, NOW).ok,
        isExpected: isWritten(role, action.permission),
      };
    }),
  );
}

/** What an action asks its permission on, with names that exist. */
export function scopeOf(action: Action): Scope {
  const { kind } = action.scope({});
  if (kind === "platform") return { kind };
  if (kind === "org") return ORG;
  return { kind: "connection", org: ORG.org, connection: "gold" };
}
