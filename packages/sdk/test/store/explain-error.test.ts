import { Kappa4Error } from "@kappa4/connectors";
import { DatabaseError } from "pg";
import { expect, it } from "vitest";
import { explainError } from "../../src/store/explain-error.ts";
import { isPassing } from "../../src/store/is-passing.ts";

function fault(code: string): Error {
  return Object.assign(new Error("what the server says"), { code });
}

it.each([
  [fault("23505"), "conflict", false],
  [fault("40001"), "conflict", true],
  [fault("22P05"), "invalid_argument", false],
  [fault("57P01"), "unavailable", true],
  [fault("25P03"), "unavailable", true],
  [fault("ECONNREFUSED"), "unavailable", true],
  [new Error("Connection terminated unexpectedly"), "unavailable", true],
] as const)("%s becomes one of ours, and stays what it is made of", (error, code, isOver) => {
  const explained = explainError(error, "use store");
  expect(Kappa4Error.is(explained, code)).toBe(true);
  expect(explained).toMatchObject({ cause: error });
  expect(String(explained)).not.toContain("what the server says");
  expect(isPassing(explained)).toBe(isOver);
  expect(isPassing(error)).toBe(isOver);
});

it("leaves the caller to look whether it was done, once the line is gone", () => {
  const error = fault("57P01");
  expect(explainError(error, "use store")).toMatchObject({ outcome: "unknown", retryable: true });
  expect(explainError(error, "open store")).toMatchObject({ outcome: "not_applied" });
});

it("has a word of ours for whatever else a database says, and keeps what it said", () => {
  const error = Object.assign(new DatabaseError("index row size 6016 exceeds", 1, "error"), {
    code: "54000",
  });
  const explained = explainError(error, "use store");
  expect(explained).toMatchObject({ code: "internal", cause: error });
  expect(String(explained)).not.toContain("index row");
});

it("leaves our own errors and faults alone, and takes no other system's trouble for the store's", () => {
  const ours = new Kappa4Error("unavailable", "The cluster is away.", {
    cause: fault("ECONNRESET"),
  });
  expect(explainError(ours, "use store")).toBe(ours);
  expect(isPassing(ours)).toBe(false);
  const bug = new TypeError("x is undefined");
  expect(explainError(bug, "use store")).toBe(bug);
  expect(explainError("a text", "use store")).toBe("a text");
  const file = fault("ENOENT");
  expect(explainError(file, "use store")).toBe(file);
});
