import {
  BUILT_IN_ROLES,
  type BuiltInRole,
  can,
  PERMISSIONS,
  type Permission,
  ROLE_TITLES,
} from "../../packages/sdk/src/permissions/index.ts";
import { actionCells } from "../../packages/sdk/test/actions/cells.ts";
import {
  isWritten,
  MATRIX_ROLES,
  OWN,
  ROLE_MATRIX,
} from "../../packages/sdk/test/permissions/role-matrix.ts";
import type { TortureOptions } from "./main.ts";
import { printTable } from "./tally.ts";

const ORG = { kind: "org", org: "org_one" } as const;
const NOW = new Date("2026-11-21T12:00:00Z");
const roles = Object.keys(ROLE_TITLES) as BuiltInRole[];

/**
 * The 52 cells of the role matrix, then every permission for every built-in role, own things and others', then every
 * action for every built-in role.
 */
export async function run({ tally }: TortureOptions): Promise<void> {
  const rows = ROLE_MATRIX.map(({ feature, permission, holds }) => {
    const cells = MATRIX_ROLES.map((role, column) => {
      const isAllowed = mayDo(role, permission, false);
      tally.check(isAllowed === holds[column], () => `${feature} for ${role}: ${isAllowed}`);
      return isAllowed ? "yes" : "no";
    });
    return [feature, permission, ...cells];
  });
  const heads = MATRIX_ROLES.map((role) => ROLE_TITLES[role]);
  printTable(["Feature", "Permission", ...heads], rows);
  console.log(`\n${tally.passed + tally.failed} cells of the role matrix`);

  for (const role of roles) {
    for (const permission of PERMISSIONS) {
      const isExpected = isWritten(role, permission);
      const isOwn = isExpected || (OWN[role] ?? []).includes(permission);
      tally.check(mayDo(role, permission, false) === isExpected, () => `${permission} for ${role}`);
      tally.check(mayDo(role, permission, true) === isOwn, () => `own ${permission} for ${role}`);
    }
  }
  const further = roles.length * PERMISSIONS.length;
  console.log(`${further} pairs of permission and role, each for one's own and for others'`);

  for (const { action, role, isOwn, isAllowed, isExpected } of actionCells()) {
    const what = isOwn ? `own ${action}` : action;
    tally.check(isAllowed === isExpected, () => `${what} for ${role}: ${isAllowed}`);
  }
  const pairs = `${actionCells().length} pairs of action and role`;
  console.log(`${pairs}, by the judge of every call, what was asked for also for one's own`);
}

function mayDo(role: BuiltInRole, permission: Permission, isOwn: boolean): boolean {
  return can([{ role: BUILT_IN_ROLES[role], scope: ORG }], permission, ORG, NOW, { isOwn });
}
