import { expect, it } from "vitest";
import { instantField } from "../../src/actions/inputs.ts";
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
