import { Kappa4Error } from "@kappa4/connectors";
import { expect, it } from "vitest";
import { endOf } from "../../src/runs/end-of.ts";
import { explainError } from "../../src/store/explain-error.ts";

it.each([
  ["plan_stale", "stale"],
  ["unavailable", "failed"],
] as const)("a run whose action threw %s is %s", (code, state) => {
  const error = new Kappa4Error(code, "Plan again.");
  expect(endOf(error)).toEqual({ state, result: null, error: { code, message: "Plan again." } });
});

it("takes what nobody foresaw for a fault of its own", () => {
  const { state, error } = endOf(new TypeError("x is undefined"));
  expect(state).toBe("failed");
  expect(error?.code).toBe("internal");
  expect(error?.message).toMatch(/x is undefined/);
});

it.each([
  new Error("Client has encountered a connection error and is not queryable"),
  new Error("Connection terminated unexpectedly"),
  Object.assign(new Error("terminating connection"), { code: "57P01" }),
  Object.assign(new Error("read"), { code: "ECONNRESET" }),
  explainError(new Error("Connection terminated"), "use store"),
  explainError(Object.assign(new Error("deadlock"), { code: "40P01" }), "use store"),
])("leaves a run to whoever takes it up next when the store has hung up: %s", (error) => {
  expect(() => endOf(error)).toThrow(error);
});
