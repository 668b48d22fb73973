import type { ApplyEvent } from "@kappa4/sdk";
import { describe, expect, it } from "vitest";
import { createProgressPrinter } from "../../../src/platforms/terminal/index.ts";
import { doneResult, failedResult, samplePlan, statuses } from "../../support/plans.ts";
import { Screen } from "../../support/screen.ts";

const at = new Date("2026-03-02T10:00:00Z");
const waiting = statuses(samplePlan(), "waiting");
const started: ApplyEvent = { type: "started", at, moves: waiting };

function running(index: number, progress: number): ApplyEvent {
  return {
    type: "move",
    index,
    status: { ...waiting[index]!, state: "running", progress, startedAt: at },
  };
}

describe("createProgressPrinter", () => {
  it("redraws in place in a terminal: the screen shows the run once, as it stands", () => {
    let now = at.getTime();
    const screen = new Screen();
    screen.write("before\n");
    const printer = createProgressPrinter(screen, { interactive: true, now: () => now });
    printer.event(started);
    now += 1000;
    printer.event(running(0, 0.1));
    now += 1000;
    printer.event(running(0, 0.5));
    printer.event({ type: "measuring", waitMs: 15_000 });
    expect(screen.text).toContain("measuring the balance in 15 s");
    const result = doneResult();
    printer.event({ type: "finished", result });
    printer.close();
    expect(screen.text).not.toContain("measuring");
    screen.write("after\n");
    expect(screen.text.match(/web-03/g)).toHaveLength(1);
    expect(screen.text).toContain("3 of 3 moves done");
    expect(screen.text.startsWith("before\n")).toBe(true);
    expect(screen.text.endsWith("after\n")).toBe(true);
  });

  it("does not redraw for every percent, and always for a change of state", () => {
    const writes: string[] = [];
    const stream = { write: (text: string) => writes.push(text) };
    const printer = createProgressPrinter(stream, { interactive: true, now: () => at.getTime() });
    printer.event(started);
    printer.event(running(0, 0.1));
    for (let percent = 11; percent < 60; percent += 1) printer.event(running(0, percent / 100));
    expect(writes).toHaveLength(2);
    printer.event({ type: "move", index: 0, status: { ...waiting[0]!, state: "done" } });
    expect(writes).toHaveLength(3);
  });

  it.each([true, false])(
    "says nothing of a run that starts nothing (interactive: %s)",
    (interactive) => {
      let text = "";
      const stream = { write: (part: string) => (text += part) };
      const printer = createProgressPrinter(stream, { interactive, now: () => at.getTime() });
      const result = { ...doneResult(), moves: statuses(samplePlan(), "done") };
      printer.event({ type: "started", at, moves: result.moves });
      printer.event({ type: "finished", result });
      expect(text).toBe("");
    },
  );

  it("fills the bar by what is done, and says no time left after a stop", () => {
    let now = at.getTime();
    const screen = new Screen();
    const printer = createProgressPrinter(screen, { interactive: true, now: () => now });
    printer.event(started);
    now += 40_000;
    printer.event({
      type: "move",
      index: 0,
      status: { ...waiting[0]!, state: "done", startedAt: at },
    });
    expect(screen.text).toMatch(/about .* left/);
    printer.stopping();
    printer.event(running(1, 0.5));
    expect(screen.text).toContain("stopping after the moves under way");
    expect(screen.text).not.toContain("left");
    const { moves, ...rest } = failedResult();
    printer.event({
      type: "finished",
      result: { ...rest, moves, outcome: "cancelled", after: null },
    });
    expect(screen.text).toMatch(/ 33 %$/m);
    expect(screen.text).not.toContain("left");
  });

  it("never draws more lines than the terminal has", () => {
    const moves = Array.from({ length: 60 }, () => waiting[0]!);
    const writes: string[] = [];
    const stream = { write: (text: string) => writes.push(text) };
    const printer = createProgressPrinter(stream, {
      interactive: true,
      rows: 15,
      now: () => at.getTime(),
    });
    printer.event({ type: "started", at, moves });
    expect(writes[0]?.split("\n").length).toBeLessThanOrEqual(15);
  });

  it("takes 0 rows and columns for a terminal of 80 by 24", () => {
    const drawn = (size: { readonly rows?: number; readonly width?: number }): string => {
      let text = "";
      const stream = { write: (part: string) => (text += part) };
      const now = (): number => at.getTime();
      createProgressPrinter(stream, { interactive: true, now, ...size }).event(started);
      return text;
    };
    expect(drawn({ rows: 0, width: 0 })).toBe(drawn({ rows: 24, width: 80 }));
    expect(drawn({ rows: 0 })).toContain("cache-02");
  });

  it("prints a plain line per change where nothing can be redrawn", () => {
    let text = "";
    const stream = { write: (part: string) => (text += part) };
    const printer = createProgressPrinter(stream, {
      interactive: false,
      unicode: false,
      now: () => at.getTime(),
    });
    printer.event(started);
    printer.event(running(0, 0.1));
    printer.event(running(0, 0.6));
    const result = failedResult();
    for (const [index, status] of result.moves.entries())
      printer.event({ type: "move", index, status });
    printer.event({ type: "measuring", waitMs: 0 });
    printer.event({ type: "finished", result });
    printer.close();
    expect(text).toBe(
      [
        "started: 3 to move",
        "running: web-03 pve-01 -> pve-03 - 0 of 3 done",
        "done: web-03 pve-01 -> pve-03 in 41 s - 1 of 3 done",
        'failed: db-02 pve-02 -> pve-03 (operation_failed: storage "ceph-a" on pve-03 is full; free 40 GiB or choose another node) - 1 of 3 done',
        "not started: cache-02 pve-01 -> pve-03 - 1 of 3 done",
        "measuring the balance",
        "",
      ].join("\n"),
    );
  });
});
