import type { MoveStatus, RunOutcome } from "@kappa4/sdk";
import { expect, test } from "vitest";
import { EXIT } from "../src/exit-codes.ts";
import { applyCode } from "../src/run/apply-code.ts";

test("an apply that somebody else cancelled ends otherwise than one that Ctrl-C stopped", () => {
  const cancelled = { outcome: "cancelled", unreached: [], moves: [] } as const;
  expect(applyCode(cancelled, true)).toBe(EXIT.cancelled);
  expect(applyCode(cancelled, false)).toBe(5);
  // Ctrl-C came too late: all was done by then.
  expect(applyCode({ ...cancelled, outcome: "succeeded" }, true)).toBe(EXIT.ok);
});

test("an apply whose moves failed or are out of sight ends with that, whatever ended it", () => {
  const move = { progress: null, warnings: [] } as never as MoveStatus;
  const codeOf = (outcome: RunOutcome, ...states: readonly MoveStatus["state"][]): number =>
    applyCode(
      { outcome, unreached: [], moves: states.map((state) => ({ ...move, state })) },
      false,
    );
  expect(codeOf("stale", "done", "skipped")).toBe(EXIT.stale);
  expect(codeOf("stale", "done", "unknown")).toBe(EXIT.failed);
  expect(codeOf("refused", "skipped")).toBe(EXIT.error);
  expect(codeOf("failed", "done", "skipped")).toBe(EXIT.failed);
});
