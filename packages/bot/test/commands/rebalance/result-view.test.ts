import type { ApplyResult } from "@kappa4/sdk";
import { expect, test } from "vitest";
import { applyResultView } from "../../../src/commands/rebalance/result-view.ts";
import { viewText } from "../../../src/view/text.ts";
import { failedResult, statuses } from "../../support/plans.ts";

const error = {
  code: "network",
  message: "gold could not be reached; check the line",
  outcome: "not_applied",
} as const;

function refused(): ApplyResult {
  const result = failedResult();
  const moves = statuses(result.plan, "skipped").map((status) => ({ ...status, error }));
  return { ...result, outcome: "refused", error, moves, before: null, after: null };
}

test("a run that was refused says once why, and shows what the plan found as that", () => {
  const text = viewText(applyResultView(refused()));
  expect(text).toContain("Nothing was started. gold could not be reached; check the line.");
  expect(text.split(error.message)).toHaveLength(2);
  expect(text).toContain("Balance of memory, as the plan found it");
  expect(text).not.toContain("measured");
  expect(text).not.toContain("after the last move");
});

test("what a stale plan says of one move only stays with that move", () => {
  const own = { ...error, code: "plan_stale", message: "web-03 is locked" } as const;
  const [first, ...rest] = refused().moves;
  const moves = [{ ...first!, error: own }, ...rest];
  const stale = { ...refused(), outcome: "stale", moves } as const;
  const text = viewText(applyResultView(stale));
  expect(text).toContain("web-03 is locked (plan_stale)");
  expect(text.split(error.message)).toHaveLength(2);
});

test("a guest out of sight is to be looked for where it can be", () => {
  const result = failedResult();
  const moves = result.moves.map((status, index) =>
    index === 1 ? ({ ...status, state: "unknown" } as const) : status,
  );
  const text = viewText(applyResultView({ ...result, moves }));
  expect(text).toContain("Not moved, or not known");
  expect(text).toContain("Look for db-02 (101) on pve-02 and pve-03, then plan again.");
});
