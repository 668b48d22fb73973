import { describe, expect, test } from "vitest";
import {
  BUILT_IN_ROLES,
  beyond,
  can,
  contains,
  type Grant,
  leavesSuperAdmin,
  mayGive,
  type Role,
  type Scope,
} from "../../src/permissions/index.ts";

const NOW = new Date("2026-11-21T12:00:00Z");
const SOON = new Date("2026-11-21T13:00:00Z");
const LATER = new Date("2026-11-22T12:00:00Z");
const { viewer, operator, admin, super_admin, platform_admin } = BUILT_IN_ROLES;

const platform: Scope = { kind: "platform" };
const org: Scope = { kind: "org", org: "one" };
const project: Scope = { kind: "project", org: "one", project: "p" };
const connection: Scope = { kind: "connection", org: "one", connection: "gold" };
const resource: Scope = { ...connection, kind: "resource", resource: "vm:1" };
const others: readonly Scope[] = [
  { kind: "org", org: "two" },
  { kind: "project", org: "one", project: "q" },
  { kind: "connection", org: "one", connection: "silver" },
  { ...connection, kind: "resource", resource: "vm:2" },
  { ...connection, kind: "resource", connection: "silver", resource: "vm:1" },
  { ...connection, kind: "resource", org: "two", resource: "vm:1" },
];

describe("scopes", () => {
  const chains: readonly (readonly [Scope, readonly Scope[]])[] = [
    [platform, [platform, org, project, connection, resource, ...others]],
    [org, [org, project, connection, resource, ...others.slice(1, 5)]],
    [project, [project]],
    [connection, [connection, resource, ...others.slice(3, 4)]],
    [resource, [resource]],
  ];

  test.each(chains)("%o contains these and nothing else", (outer, inner) => {
    const all = [platform, org, project, connection, resource, ...others];
    expect(all.filter((scope) => contains(outer, scope))).toEqual(
      all.filter((scope) => inner.includes(scope)),
    );
  });

  test("a grant reaches what its scope contains", () => {
    const grants: Grant[] = [
      { role: viewer, scope: org },
      { role: operator, scope: connection },
    ];
    expect(can(grants, "instances.power", resource, NOW)).toBe(true);
    expect(can(grants, "instances.power", org, NOW)).toBe(false);
    expect(can(grants, "instances.read", project, NOW)).toBe(true);
    expect(can(grants, "instances.read", { kind: "org", org: "two" }, NOW)).toBe(false);
  });

  test("nothing is allowed without a grant", () => {
    expect(can([], "overview.read", org, NOW)).toBe(false);
  });
});

describe("expiry", () => {
  test("ends a grant at its instant, not after it", () => {
    const grants = [{ role: operator, scope: org, expiresAt: SOON }];
    expect(can(grants, "rebalance.run", org, new Date(SOON.getTime() - 1))).toBe(true);
    expect(can(grants, "rebalance.run", org, SOON)).toBe(false);
    expect(can(grants, "rebalance.run", org, LATER)).toBe(false);
  });

  test("an expiry that is no date gives nothing", () => {
    const grants = [{ role: operator, scope: org, expiresAt: new Date("soon") }];
    expect(can(grants, "rebalance.run", org, NOW)).toBe(false);
  });
});

describe("giving", () => {
  const custom = (permissions: Role["permissions"], own: Role["permissions"] = []): Role => ({
    key: "night-shift",
    permissions,
    own,
  });

  test("a custom role holds what it lists and nothing else", () => {
    const grants = [{ role: custom(["rebalance.run"]), scope: org }];
    expect(can(grants, "rebalance.run", org, NOW)).toBe(true);
    expect(can(grants, "rebalance.plan", org, NOW)).toBe(false);
  });

  test("a custom role cannot exceed who gives it", () => {
    const giver = [{ role: admin, scope: org }];
    expect(mayGive(giver, { role: custom(["config.write"]), scope: org }, NOW)).toBe(true);
    const role = custom(["config.write", "users.write", "system.write"]);
    expect(beyond(giver, { role, scope: org }, NOW)).toEqual(["users.write", "system.write"]);
  });

  test("a built-in role neither", () => {
    const giver = [{ role: admin, scope: org }];
    expect(mayGive(giver, { role: operator, scope: org }, NOW)).toBe(true);
    expect(mayGive(giver, { role: super_admin, scope: org }, NOW)).toBe(false);
    const tenant = [{ role: super_admin, scope: org }];
    expect(mayGive(tenant, { role: super_admin, scope: org }, NOW)).toBe(true);
    expect(mayGive(tenant, { role: platform_admin, scope: org }, NOW)).toBe(false);
  });

  test("Guest and Agent stand beside the order, and below who holds all that a Super Admin holds", () => {
    const tenant = [{ role: super_admin, scope: org }];
    for (const role of [BUILT_IN_ROLES.guest, BUILT_IN_ROLES.agent]) {
      expect(mayGive(tenant, { role, scope: org }, NOW)).toBe(true);
      expect(mayGive([{ role: admin, scope: org }], { role, scope: org }, NOW)).toBe(false);
      expect(mayGive(tenant, { role, scope: platform }, NOW)).toBe(false);
    }
    const role = custom(["agents.self"]);
    expect(mayGive(tenant, { role, scope: org }, NOW)).toBe(false);
  });

  test("what one holds only for one's own can be given on only like that", () => {
    const giver = [{ role: operator, scope: org }];
    expect(mayGive(giver, { role: custom([], ["runs.cancel"]), scope: org }, NOW)).toBe(true);
    expect(mayGive(giver, { role: custom(["runs.cancel"]), scope: org }, NOW)).toBe(false);
  });

  test("no further than the giver's scope", () => {
    const giver = [{ role: operator, scope: connection }];
    expect(mayGive(giver, { role: operator, scope: resource }, NOW)).toBe(true);
    expect(mayGive(giver, { role: operator, scope: org }, NOW)).toBe(false);
  });

  test("no longer than the giver's time", () => {
    const giver = [{ role: operator, scope: org, expiresAt: SOON }];
    expect(mayGive(giver, { role: viewer, scope: org, expiresAt: SOON }, NOW)).toBe(true);
    expect(mayGive(giver, { role: viewer, scope: org, expiresAt: LATER }, NOW)).toBe(false);
    expect(mayGive(giver, { role: viewer, scope: org }, NOW)).toBe(false);
    expect(mayGive(giver, { role: viewer, scope: org, expiresAt: SOON }, LATER)).toBe(false);
  });

  test("a custom role never holds what no Super Admin holds, also under a built-in name", () => {
    const giver = [{ role: platform_admin, scope: platform }];
    const role: Role = { key: "operator", permissions: ["platform.admin"] };
    expect(beyond(giver, { role, scope: org }, NOW)).toEqual(["platform.admin"]);
    expect(mayGive(giver, { role: platform_admin, scope: platform }, NOW)).toBe(true);
  });
});

describe("the last Super Admin", () => {
  const person = (role: Role, expiresAt?: Date): readonly Grant[] => [
    { role, scope: org, expiresAt },
  ];

  test("must stay, for good and for the whole organisation", () => {
    expect(leavesSuperAdmin([person(admin), person(super_admin)], "one", NOW)).toBe(true);
    expect(leavesSuperAdmin([person(admin), person(operator)], "one", NOW)).toBe(false);
    expect(leavesSuperAdmin([person(super_admin, LATER)], "one", NOW)).toBe(false);
    expect(leavesSuperAdmin([[{ role: super_admin, scope: connection }]], "one", NOW)).toBe(false);
    expect(leavesSuperAdmin([person(super_admin)], "two", NOW)).toBe(false);
  });
});
