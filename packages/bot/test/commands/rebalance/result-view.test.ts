import type { ApplyResult } from "@kappa4/sdk";
import { describe, expect, test } from "vitest";
import { applyResultView, resultText } from "../../../src/commands/rebalance/result-view.ts";
import { renderSlack } from "../../../src/platforms/slack/render.ts";
import type { TableBlock } from "../../../src/view/model.ts";
import { plain, viewText } from "../../../src/view/text.ts";
import { doneResult, failedResult, statuses } from "../../support/plans.ts";

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

function tableOf(result: ApplyResult): TableBlock {
  const [table] = applyResultView(result).blocks.filter(({ kind }) => kind === "table");
  if (table?.kind !== "table") throw new Error("There is no table.");
  return table;
}

test("a run that was refused says once why, and draws nothing that did not change", () => {
  const text = viewText(applyResultView(refused()));
  expect(text).toContain("Nothing was started: gold could not be reached; check the line.");
  expect(text.split(error.message)).toHaveLength(2);
  expect(text).toBe(`Run\n\nNothing was started: ${error.message}. (network)`);
});

describe("a run that came to an end on its way", () => {
  const startedAt = new Date("2026-03-02T10:00:00Z");
  const [first, ...rest] = refused().moves;
  const moves = [{ ...first!, state: "done", startedAt, error: undefined } as const, ...rest];

  test.each(["stale", "failed"] as const)(
    "says what it has moved, and why no more, where it is %s",
    (outcome) => {
      const text = viewText(applyResultView({ ...refused(), outcome, moves }));
      expect(text).not.toContain("Nothing was started");
      expect(text).toContain(
        `Stopped: 1 of 3 moves done, 0 failed, 2 not started: ${error.message}. (network)`,
      );
      expect(text.split(error.message)).toHaveLength(2);
    },
  );

  test("says that a guest is out of sight", () => {
    const lost = { ...rest[0]!, state: "unknown", startedAt } as const;
    const text = plain(
      resultText({ ...refused(), outcome: "stale", moves: [first!, lost, rest[1]!] }),
    );
    expect(text).toContain("0 of 3 moves done, 0 failed, 2 not started, 1 guest out of sight: ");
  });

  test("has started nothing where a guest had come to its target before", () => {
    const there = { ...moves[0]!, startedAt: undefined };
    const text = plain(resultText({ ...refused(), outcome: "stale", moves: [there, ...rest] }));
    expect(text).toContain("Nothing was started: ");
  });
});

test("what keeps several moves from starting is said once for all of them", () => {
  const [first, ...rest] = refused().moves;
  const why = { ...error, message: "another move does not fit" };
  const moves = [first!, ...rest.map((status) => ({ ...status, error: why }))];
  const { rows } = tableOf({ ...refused(), outcome: "stale", moves });
  expect(rows).toEqual([
    ["web-03", "pve-01 → pve-03", "not started", `${error.message} (network)`],
    ["db-02, cache-02", "", "not started", "another move does not fit (network)"],
  ]);
});

test("figures from before a run that was stopped are not shown as its result", () => {
  const { moves, ...rest } = failedResult();
  const result: ApplyResult = { ...rest, moves, outcome: "cancelled", after: null };
  const text = viewText(applyResultView(result));
  expect(text).toContain("Balance of memory, before the run: 71 points");
  expect(text).toContain("Guests against a rule or a drain, before the run: 1");
  const skipped = { ...moves[2]!, state: "skipped" } as const;
  expect(tableOf({ ...result, moves: [skipped] }).rows).toEqual([
    ["cache-02", "pve-01 → pve-03", "not started", ""],
  ]);
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

test("the log of a failed move is shown by its last lines", () => {
  const result = failedResult();
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  const moves = result.moves.map((status) =>
    status.error === undefined ? status : { ...status, error: { ...status.error, log: lines } },
  );
  const text = viewText(applyResultView({ ...result, moves }));
  expect(text).toContain("The log of db-02 (101) ends with:");
  expect(text).toContain("line 19");
  expect(text).not.toContain("line 11");
});

describe("a drain", () => {
  const done = doneResult();
  const plan = { ...done.plan, maintenanceNodes: ["pve-04"] };
  const message = "pve-04 is not empty: license (112) is still on it.";
  const held = {
    code: "drain-blocked",
    rules: [],
    guests: [112],
    node: "pve-04",
    message,
  } as const;

  test("that is not finished ends with who is left, on every surface", () => {
    const result: ApplyResult = { ...done, plan, unreached: [held] };
    expect(applyResultView(result).blocks.at(-1)).toEqual({
      kind: "text",
      tone: "bad",
      text: message,
    });
    expect(renderSlack(applyResultView(result)).text).toContain(message);
    expect(plain(resultText(result))).toMatch(/3 of 3 moves done.*pve-04 is not empty: license/);
  });

  test("that is finished says so, but only of a node that was looked at", () => {
    const result: ApplyResult = { ...done, plan };
    expect(viewText(applyResultView(result))).toContain("pve-04 is empty.");
    expect(plain(resultText({ ...result, after: null }))).not.toContain("empty");
  });

  test("says apart from the nodes what else is not reached", () => {
    const [other] = done.plan.conflicts;
    const result: ApplyResult = { ...done, plan, unreached: [other!] };
    const text = viewText(applyResultView(result));
    expect(text).toContain("Not reached");
    expect(text).toContain(other?.message);
    expect(text).toContain("pve-04 is empty.");
    expect(plain(resultText(result))).toContain(
      "As the plan said, 1 rule or target cannot be reached.",
    );
  });
});
