import { expect, it } from "vitest";
import { refuseUnkeepable } from "../../src/actions/keepable.ts";

it.each([
  [{ reason: "abc\0def" }, "reason"],
  [{ plan: { moves: [{ name: "half \uD83E" }] } }, "plan.moves.0.name"],
  [{ changes: { "na\0me": 1 } }, "changes"],
  ["\0", ""],
])("refuses text that no database keeps: %j", (input, target) => {
  const refusal = expect.objectContaining({ code: "invalid_argument", context: { target } });
  expect(() => refuseUnkeepable(input)).toThrow(refusal);
});

it("takes every other text, and what is no text", () => {
  const input = {
    reason: "🦊 漢字 \n\t\u200b",
    at: new Date(0),
    limit: 3,
    none: undefined,
    no: null,
  };
  expect(() => refuseUnkeepable(input)).not.toThrow();
});
