import type { ApplyResult } from "@kappa4/sdk";
import { describe, expect, it } from "vitest";
import {
  applyProgressView,
  movesAfter,
  progressSentence,
} from "../../../src/commands/rebalance/progress-view.ts";
import { applyResultView, resultText } from "../../../src/commands/rebalance/result-view.ts";
import { plain, viewText } from "../../../src/view/text.ts";
import { doneResult, failedResult, move, samplePlan, statuses } from "../../support/plans.ts";

const said = (result: ApplyResult): string => plain(resultText(result));

describe("applyProgressView", () => {
  const startedAt = new Date("2026-03-02T10:00:00Z");
  const now = new Date("2026-03-02T10:01:00Z");
  const [done, running, waiting] = statuses(samplePlan(), "waiting");
  const moves = [
    { ...done!, state: "done" as const, startedAt, endedAt: new Date("2026-03-02T10:00:41Z") },
    { ...running!, state: "running" as const, progress: 0.38, startedAt },
    waiting!,
  ];

  it("counts, and estimates only when there is something to estimate from", () => {
    expect(progressSentence({ moves, startedAt, now })).toBe(
      "1 of 3 moves done · 1 running · 0 failed · about 1 min 13 s left",
    );
    const early = { moves: statuses(samplePlan(), "waiting"), startedAt, now: startedAt };
    expect(progressSentence(early)).toBe("0 of 3 moves done · 0 running · 0 failed");
    expect(progressSentence({ moves, startedAt, now }, true)).toContain(
      "stopping after the moves under way",
    );
  });

  it("shows each move with its state in words", () => {
    const text = viewText(
      applyProgressView({ moves, startedAt, now }, { run: "R-11CD", plan: "P-7F3K" }),
    );
    expect(text).toContain("Run R-11CD of plan P-7F3K");
    expect(text).toContain("done: web-03 pve-01 → pve-03 (41 s)");
    expect(text).toContain("running: db-02 pve-02 → pve-03 (38 %)");
    expect(text).toContain("waiting: cache-02 pve-01 → pve-03");
  });

  it("keeps what fails and what runs when the list is long", () => {
    const many = Array.from({ length: 40 }, (_, index) => ({
      move: move(index, `vm-${index}`, "a", "b"),
      state:
        index === 37
          ? ("failed" as const)
          : index === 38
            ? ("running" as const)
            : ("done" as const),
      progress: null,
      warnings: [],
    }));
    const view = applyProgressView({ moves: many, startedAt, now });
    const tasks = view.blocks.find((block) => block.kind === "tasks")?.tasks ?? [];
    expect(tasks).toHaveLength(12);
    expect(tasks.map(({ title }) => title)).toEqual(expect.arrayContaining(["vm-37", "vm-38"]));
    expect(viewText(view)).toContain("12 of 40 moves shown.");
  });

  it("follows the events of a run", () => {
    const started = movesAfter([], { type: "started", at: startedAt, moves });
    const changed = movesAfter(started, {
      type: "move",
      index: 2,
      status: { ...waiting!, state: "skipped" },
    });
    expect(changed.map(({ state }) => state)).toEqual(["done", "running", "skipped"]);
    const result = doneResult();
    expect(movesAfter(changed, { type: "finished", result })).toBe(result.moves);
  });
});

describe("applyResultView", () => {
  it("does not call it a success when there was nothing left to move", () => {
    const moves = statuses(samplePlan(), "done");
    expect(viewText(applyResultView({ ...doneResult(), moves }))).toContain(
      "Nothing was moved: every guest is on its target already.",
    );
  });

  it("says what was measured when all went well", () => {
    // Until the figures have caught up nothing moves any more.
    const measured = { ...doneResult(), endedAt: new Date("2026-03-02T10:01:45Z") };
    for (const result of [doneResult(), measured]) {
      expect(said(result)).toBe(
        "3 of 3 moves done in 1 min 30 s: the busiest node went from 91 % to 58 % memory.",
      );
    }
  });

  it("accounts for every guest when a move failed", () => {
    const text = viewText(applyResultView(failedResult(), { run: "R-1", plan: "P-1" }));
    expect(text).toContain("Stopped: 1 of 3 moves done, 1 failed, 1 not started.");
    expect(text).toContain('db-02 · pve-02 → pve-03 · failed · storage "ceph-a" on pve-03 is full');
    expect(text).toContain("(operation_failed)");
    expect(text).toContain("cache-02 · pve-01 → pve-03 · not started");
    expect(text).toContain("71 → 45 points");
  });

  it("says so when the end could not be measured, when it was stopped, and when the plan was stale", () => {
    const lost = { ...failedResult(), after: null };
    expect(viewText(applyResultView(lost))).toContain("could not be read after the last move");
    expect(said({ ...failedResult(), outcome: "cancelled" })).toContain("Stopped on request");
    const error = {
      code: "conflict",
      message: "Cancelled by Ana: backup begins",
      outcome: "not_applied",
    } as const;
    const waiting = failedResult().moves.map((status) => ({
      ...status,
      state: "skipped" as const,
      error: undefined,
    }));
    const cancelled = { ...failedResult(), outcome: "cancelled", error, moves: waiting } as const;
    expect(said(cancelled)).toContain("Cancelled by Ana: backup begins. 0 of 3 moves done, 3 not");
    expect(viewText(applyResultView(cancelled)).split(error.message)).toHaveLength(3);
    expect(said({ ...failedResult(), outcome: "stale" })).toContain("Plan again.");
    const unknown = failedResult();
    const moves = unknown.moves.map((status) => ({ ...status, state: "unknown" as const }));
    expect(said({ ...unknown, moves })).toContain("3 guests out of sight");
  });
});
