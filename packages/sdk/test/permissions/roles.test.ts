import { describe, expect, test } from "vitest";
import {
  BUILT_IN_ROLES,
  type BuiltInRole,
  builtInRole,
  can,
  isPermission,
  PERMISSIONS,
  type Permission,
  ROLE_TITLES,
  rolesWith,
} from "../../src/permissions/index.ts";
import { FURTHER, MATRIX_ROLES, OWN, ROLE_MATRIX } from "./role-matrix.ts";

const NOW = new Date("2026-11-21T12:00:00Z");
const ORG = { kind: "org", org: "org_one" } as const;

const roles = Object.keys(ROLE_TITLES) as BuiltInRole[];
const cells = ROLE_MATRIX.flatMap(({ feature, permission, holds }) =>
  MATRIX_ROLES.map((role, column) => [feature, permission, role, holds[column] === true] as const),
);

function isAllowed(role: BuiltInRole, permission: Permission, isOwn = false): boolean {
  const grants = [{ role: BUILT_IN_ROLES[role], scope: ORG }];
  return can(grants, permission, ORG, NOW, { isOwn });
}

describe("the role matrix", () => {
  test("has 52 cells", () => {
    expect(cells).toHaveLength(52);
  });

  test.each(cells)("%s (%s) for %s: %s", (_feature, permission, role, holds) => {
    expect(isAllowed(role, permission)).toBe(holds);
  });
});

describe("the further permissions", () => {
  const matrix = (role: BuiltInRole): readonly Permission[] => {
    const names: readonly BuiltInRole[] = MATRIX_ROLES;
    const column = names.indexOf(role);
    return ROLE_MATRIX.filter(({ holds }) => holds[column] === true).map((row) => row.permission);
  };
  const expected: Record<BuiltInRole, readonly Permission[]> = {
    ...FURTHER,
    viewer: [...matrix("viewer"), ...FURTHER.viewer],
    operator: [...matrix("operator"), ...FURTHER.viewer, ...FURTHER.operator],
    admin: [...matrix("admin"), ...FURTHER.viewer, ...FURTHER.operator, ...FURTHER.admin],
    super_admin: [
      ...matrix("super_admin"),
      ...FURTHER.viewer,
      ...FURTHER.operator,
      ...FURTHER.admin,
      ...FURTHER.super_admin,
    ],
    platform_admin: PERMISSIONS,
  };

  test.each(roles)("%s holds exactly these", (role) => {
    expect([...BUILT_IN_ROLES[role].permissions].sort()).toEqual([...expected[role]].sort());
    expect([...(BUILT_IN_ROLES[role].own ?? [])].sort()).toEqual([...(OWN[role] ?? [])].sort());
  });

  test("there are 71, and each has a noun and a verb", () => {
    expect(PERMISSIONS).toHaveLength(71);
    for (const permission of PERMISSIONS) expect(permission).toMatch(/^[a-z]+\.[a-z]+$/);
    const all = [
      ...ROLE_MATRIX.map(({ permission }) => permission),
      ...Object.values(FURTHER),
    ].flat();
    expect([...new Set(all)].sort()).toEqual([...PERMISSIONS].sort());
  });
});

describe("roles", () => {
  test.each([
    ["viewer", "operator"],
    ["operator", "admin"],
    ["admin", "super_admin"],
    ["super_admin", "platform_admin"],
  ] as const)("all of %s is in %s, and more", (lower, higher) => {
    const held = BUILT_IN_ROLES[higher].permissions;
    for (const permission of BUILT_IN_ROLES[lower].permissions) expect(held).toContain(permission);
    expect(held.length).toBeGreaterThan(BUILT_IN_ROLES[lower].permissions.length);
  });

  test("what is one's own needs less", () => {
    expect(isAllowed("operator", "runs.cancel")).toBe(false);
    expect(isAllowed("operator", "runs.cancel", true)).toBe(true);
    expect(isAllowed("viewer", "runs.cancel", true)).toBe(false);
    expect(isAllowed("admin", "runs.cancel")).toBe(true);
    expect(isAllowed("viewer", "tickets.write", true)).toBe(true);
  });

  test("are found by their keys", () => {
    expect(builtInRole("operator")).toBe(BUILT_IN_ROLES.operator);
    expect(builtInRole("tenant_admin")).toBe(BUILT_IN_ROLES.super_admin);
    expect(builtInRole("toString")).toBeUndefined();
    expect(isPermission("__proto__")).toBe(false);
  });

  test("whom to ask, the lowest first", () => {
    expect(rolesWith("config.write")).toEqual(["admin", "super_admin", "platform_admin"]);
    expect(rolesWith("runs.cancel")).toEqual(["admin", "super_admin", "platform_admin"]);
    expect(rolesWith("events.write")).toEqual(["super_admin", "platform_admin", "agent"]);
  });
});
