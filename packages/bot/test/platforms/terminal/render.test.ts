import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { explainView } from "../../../src/commands/rebalance/explain-view.ts";
import { planView } from "../../../src/commands/rebalance/plan-view.ts";
import { applyProgressView } from "../../../src/commands/rebalance/progress-view.ts";
import { applyResultView } from "../../../src/commands/rebalance/result-view.ts";
import { renderTerminal, terminalOptions } from "../../../src/platforms/terminal/index.ts";
import type { View } from "../../../src/view/model.ts";
import { failedResult, samplePlan, statuses } from "../../support/plans.ts";

const now = new Date("2026-03-02T10:00:00Z");
const views: readonly (readonly [string, View])[] = [
  ["plan", planView(samplePlan(), { id: "P-7F3K", note: "Valid 30 minutes" })],
  ["explanation", explainView(samplePlan())],
  ["result", applyResultView(failedResult())],
  [
    "progress",
    applyProgressView({ moves: statuses(samplePlan(), "waiting"), startedAt: now, now }),
  ],
];

describe("renderTerminal", () => {
  it.each(views)("keeps every line of a %s within any width", (_, view) => {
    for (let width = 60; width <= 200; width += 1) {
      for (const line of renderTerminal(view, { width }).split("\n")) {
        expect(stringWidth(line)).toBeLessThanOrEqual(width);
      }
    }
  });

  it.each(views)("says the same in a %s with colour and without", (_, view) => {
    const coloured = renderTerminal(view, { color: true });
    expect(coloured).not.toBe(renderTerminal(view));
    expect(stripVTControlCharacters(coloured)).toBe(renderTerminal(view));
  });

  it.each(views)("needs nothing but ASCII for a %s where there is nothing else", (_, view) => {
    expect(renderTerminal(view, { unicode: false })).toMatch(/^[\n\x20-\x7e]*$/);
  });

  it("draws the plan as people see it", () => {
    expect(
      renderTerminal(planView(samplePlan(), { id: "P-7F3K" }), { width: 90 }),
    ).toMatchInlineSnapshot(`
      "Plan P-7F3K · cluster gold

      3 moves would lower the busiest node from 91 % to 58 % memory and repair 1 rule violation.

      Balance (highest minus lowest)  71 → 5 points, target 10
      CPU balance                     7.3 points
      Rules                           1 → 0 guests against a rule
      Time                            about 1 min 23 s
      To copy                         12 GiB of memory, 20 GiB of local disk
      Downtime                        cache-02: stopped and started again

      Memory per node, before and after
      ▒ before  ▓ after
      pve-01  ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ 91 %
              ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓ 58 %
      pve-02  ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ 62 %
              ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓ 55 %
      pve-03  ▒▒▒▒▒▒▒▒▒▒▒▒ 20 %
              ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓ 53 %
      pve-04  0 %
              0 %

      Nodes by memory, before and after
      Node                   Before  After   Guests
      ─────────────────────────────────────────────
      pve-01                   91 %   58 %  14 → 12
      pve-02                   62 %   55 %    9 → 8
      pve-03                   20 %   53 %    3 → 6
      pve-04 (not levelled)     0 %    0 %        0

      Moves
      #  Guest     From → to        Memory  How      Why
      ─────────────────────────────────────────────────────────────────────────────────────
      1  web-03    pve-01 → pve-03   3 GiB  live     relieves pve-01 (91 → 78 % memory)
      2  db-02     pve-02 → pve-03   4 GiB  live     keeps apart from db-01 (rule apart-db)
      3  cache-02  pve-01 → pve-03   5 GiB  restart  relieves pve-01 (91 → 78 % memory)

      Should move and cannot
      Guest   On      What stands in the way
      ──────────────────────────────────────────────────────────────────────────────────────────
      gpu-01  pve-01  has the device hostpci0 of pve-01 passed through; remove it to let the
                      guest move

      Cannot hold
      Rule        Why, and what would help
      ──────────────────────────────────────────────────────────────────────────────────────────
      apart-mail  4 guests must be on different nodes and only 3 take guests; add a node or take
                  one out
      "
    `);
  });

  it("puts sentences below their row where they would get too narrow", () => {
    const text = renderTerminal(planView(samplePlan()), { width: 60 });
    expect(text).toContain(
      "1  web-03    pve-01 → pve-03   3 GiB  live\n    relieves pve-01 (91 → 78 % memory)\n",
    );
  });

  it("measures wide characters by the columns they fill", () => {
    const table: View = {
      blocks: [
        {
          kind: "table",
          caption: "",
          columns: [{ header: "Name" }, { header: "Load", align: "right" }],
          rows: [
            ["数据库", "91 %"],
            ["web", "8 %"],
          ],
          rowHeader: 0,
        },
      ],
    };
    const lines = renderTerminal(table).trimEnd().split("\n").slice(-2);
    expect(lines.map((line) => stringWidth(line))).toEqual([12, 12]);
  });

  it("lets no name steer the terminal or turn the text around", () => {
    const plan = samplePlan();
    const [first] = plan.moves;
    const evil = { ...plan, moves: [{ ...first!, name: "a\u001b[2Jb\u202ec\nd\u009b" }] };
    const text = renderTerminal(planView(evil));
    expect(text).toContain("a [2Jb c d");
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  it("hints at commands and leaves out buttons", () => {
    const actions = [
      { label: "Apply", command: "kappa4 rebalance apply plan.json" },
      { label: "Only a button", value: "t" },
    ];
    const text = renderTerminal({ blocks: [{ kind: "actions", actions }] });
    expect(text).toBe("Apply:  kappa4 rebalance apply plan.json\n");
  });

  it("draws a chart of one series with one sign, and nothing as nothing", () => {
    const text = renderTerminal({
      blocks: [
        {
          kind: "barChart",
          title: "Load",
          categories: ["a", "b"],
          series: [{ name: "now", values: [50, 0] }],
          unit: "%",
          max: 100,
          alt: "a 50 %, b 0 %",
        },
      ],
    });
    expect(text).toBe(`Load\n▓ now\na  ${"▓".repeat(30)} 50 %\nb  0 %\n`);
  });
});

describe("terminalOptions", () => {
  const terminal = { isTTY: true, columns: 132 };
  it("takes width and colour from a terminal and nothing from a pipe", () => {
    expect(terminalOptions(terminal, {})).toEqual({ width: 132, color: true, unicode: true });
    expect(terminalOptions({}, { COLUMNS: "100" })).toEqual({
      width: 100,
      color: false,
      unicode: true,
    });
  });

  it("takes a terminal of 0 columns for one that does not know", () => {
    const unknown = { isTTY: true, columns: 0 };
    expect(terminalOptions(unknown, {}).width).toBe(80);
    expect(terminalOptions(unknown, { COLUMNS: "100" }).width).toBe(100);
    expect(terminalOptions(unknown, { COLUMNS: "0" }).width).toBe(80);
    const view = planView(samplePlan());
    expect(renderTerminal(view, { width: 0 })).toBe(renderTerminal(view, { width: 80 }));
  });

  it("respects NO_COLOR, dumb terminals, FORCE_COLOR and the locale", () => {
    expect(terminalOptions(terminal, { NO_COLOR: "1" }).color).toBe(false);
    expect(terminalOptions(terminal, { NO_COLOR: "" }).color).toBe(true);
    expect(terminalOptions(terminal, { TERM: "dumb" }).color).toBe(false);
    expect(terminalOptions({}, { FORCE_COLOR: "1" }).color).toBe(true);
    expect(terminalOptions(terminal, { LANG: "C" }).unicode).toBe(false);
    expect(terminalOptions(terminal, { LANG: "C", LC_ALL: "es_ES.UTF-8" }).unicode).toBe(true);
  });
});
