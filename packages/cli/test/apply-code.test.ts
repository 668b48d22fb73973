import { expect, test } from "vitest";
import { EXIT } from "../src/exit-codes.ts";
import { applyCode } from "../src/run/apply-code.ts";

test("an apply that somebody else cancelled ends otherwise than one that Ctrl-C stopped", () => {
  const cancelled = { outcome: "cancelled", unreached: [] } as const;
  expect(applyCode(cancelled, true)).toBe(EXIT.cancelled);
  expect(applyCode(cancelled, false)).toBe(5);
  // Ctrl-C came too late: all was done by then.
  expect(applyCode({ ...cancelled, outcome: "succeeded" }, true)).toBe(EXIT.ok);
});
