import { expect, it } from "vitest";
import type { InputOf } from "../../src/actions/client.ts";
import { instantField } from "../../src/actions/inputs.ts";
import { withdraw } from "../../src/approving/actions/withdraw.ts";
import { apply } from "../../src/rebalance/actions/apply.ts";
import { give } from "../../src/users/grants/give.ts";

it.each([
  [new Date(0), true],
  ["9999-12-31T23:59:59Z", true],
  [new Date(8.64e15), false],
  [new Date(-1), false],
  ["9999-12-31T23:59:59-01:00", false],
  ["tomorrow", false],
])("an instant that can be kept: %s", (given, isKept) => {
  expect(instantField.safeParse(given).success).toBe(isKept);
});

it.each([
  [150, true],
  [6_000, false],
])("a grant on a thing with a name of %d characters", (length, isTaken) => {
  const grant = { user: "ana@example.com", role: "viewer", reason: "to look" };
  const scope = `connection:${"x".repeat(length)}`;
  expect(give.input.safeParse({ ...grant, scope }).success).toBe(isTaken);
});

it("a time is typed as a date or as text, and one rule is told of every reason", () => {
  const typed: InputOf<typeof give> = {
    ...{ user: "ana@example.com", role: "viewer", reason: "to look" },
    expiresAt: "2100-01-01T00:00:00Z",
  };
  expect(give.input.parse(typed).expiresAt).toEqual(new Date(typed.expiresAt ?? ""));
  const reasons = [give, apply, withdraw].map(({ input }) => {
    const { error } = input.safeParse({ ...typed, plan: "P-1", approval: "A-1", reason: "no" });
    return error?.issues.find(({ path }) => path[0] === "reason")?.message;
  });
  expect(reasons).toEqual(Array(3).fill("say why in 3 to 500 characters"));
});
