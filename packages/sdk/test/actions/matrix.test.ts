import { describe, expect, test } from "vitest";
import { judge } from "../../src/actions/authorise.ts";
import { BUILT_IN_ROLES, type BuiltInRole, ROLE_TITLES } from "../../src/permissions/index.ts";
import { actionsByName } from "../../src/register.ts";
import { type ActionCell, actionCells, scopeOf } from "./cells.ts";

const NOW = new Date("2026-11-21T12:00:00Z");
const cells = actionCells();

describe("every action, every built-in role", () => {
  test.each([...actionsByName.keys()])("%s", (name) => {
    const own = cells.filter(({ action }) => action === name);
    const roles = Object.keys(ROLE_TITLES).length;
    expect([roles, 2 * roles]).toContain(own.length);
    const words = ({ role, isOwn }: ActionCell) => (isOwn ? `${role}, own` : role);
    expect(own.filter(({ isAllowed }) => isAllowed).map(words)).toEqual(
      own.filter(({ isExpected }) => isExpected).map(words),
    );
  });

  test("an Operator stops their own run and, without an incident, nobody else's", () => {
    const stopped = cells.filter(({ action }) => action === "runs.cancel");
    const mine = stopped.filter(({ role }) => role === "operator");
    expect(mine.map(({ isOwn, isAllowed }) => [isOwn, isAllowed])).toEqual([
      [false, false],
      [true, true],
    ]);
    const cancel = actionsByName.get("runs.cancel");
    if (cancel === undefined) throw new Error("there is to be runs.cancel");
    const scope = scopeOf(cancel);
    const may = (role: BuiltInRole) =>
      judge(cancel, scope, [{ role: BUILT_IN_ROLES[role], scope }], NOW, { isException: true }).ok;
    expect(may("operator")).toBe(true);
    expect(may("viewer")).toBe(false);
    expect(judge(cancel, scope, [{ role: BUILT_IN_ROLES.operator, scope }], NOW)).toMatchObject({
      error: { code: "permission", message: expect.stringContaining("what others have asked for") },
    });
    const isIn = (incident?: string) => cancel.also?.when({ run: "R-1", reason: "why", incident });
    expect([isIn(), isIn(" "), isIn("INC-1")]).toEqual([false, false, true]);
  });

  test("some are refused and some are not, to each but the highest", () => {
    for (const role of Object.keys(ROLE_TITLES)) {
      const own = cells.filter((cell) => cell.role === role);
      expect(own.some(({ isAllowed }) => isAllowed) || role === "agent", role).toBe(true);
      expect(
        own.every(({ isAllowed }) => isAllowed),
        role,
      ).toBe(role === "platform_admin");
    }
  });
});

describe("a role that does not reach what an action is about", () => {
  const outside = [
    { kind: "org", org: "org_two" },
    { kind: "connection", org: "org_one", connection: "silver" },
    { kind: "project", org: "org_one", project: "prj_web" },
  ] as const;

  test.each([...actionsByName.values()].map((action) => [action.name, action] as const))(
    "gives nothing: %s",
    (_name, action) => {
      const scope = scopeOf(action);
      for (const grant of outside) {
        const standing = judge(
          action,
          scope,
          [{ role: BUILT_IN_ROLES.platform_admin, scope: grant }],
          NOW,
        );
        expect(standing.ok).toBe(false);
        // What is on a connection is not there for who cannot see that connection.
        const code = scope.kind === "connection" ? "not_found" : "permission";
        expect(standing).toMatchObject({ error: { code } });
      }
      const late = {
        role: BUILT_IN_ROLES.platform_admin,
        scope: { kind: "platform" },
        expiresAt: NOW,
      } as const;
      expect(judge(action, scope, [late], NOW).ok).toBe(false);
    },
  );
});
