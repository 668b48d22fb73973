import { validateSlackBlocks } from "@kappa4/simulator";
import { describe, expect, it } from "vitest";
import { errorView } from "../../../src/commands/error-view.ts";
import { commandHelpView } from "../../../src/commands/help-view.ts";
import { explainView } from "../../../src/commands/rebalance/explain-view.ts";
import { planView } from "../../../src/commands/rebalance/plan-view.ts";
import { applyProgressView } from "../../../src/commands/rebalance/progress-view.ts";
import { applyResultView } from "../../../src/commands/rebalance/result-view.ts";
import { rebalance } from "../../../src/commands/rebalance.ts";
import type { NewBlockType } from "../../../src/platforms/slack/block.ts";
import { NEW_BLOCKS } from "../../../src/platforms/slack/fitted.ts";
import { renderSlack } from "../../../src/platforms/slack/render.ts";
import { renderTerminal } from "../../../src/platforms/terminal/index.ts";
import type { View } from "../../../src/view/model.ts";
import {
  doneResult,
  failedResult,
  levelPlan,
  move,
  samplePlan,
  statuses,
} from "../../support/plans.ts";
import { randomView, seeded } from "../../support/random-view.ts";

const now = new Date("2026-03-02T10:00:00Z");
const actions = [
  {
    label: "Apply",
    style: "primary" as const,
    value: "k".repeat(22),
    confirm: { title: "Apply?", text: "3 guests move.", accept: "Apply", dismiss: "Not now" },
  },
];
const golden: readonly (readonly [string, View])[] = [
  ["plan", planView(samplePlan(), { id: "P-7F3K", note: ["by ", { person: "UANA" }], actions })],
  ["level plan", planView(levelPlan())],
  ["explanation", explainView(samplePlan())],
  [
    "progress",
    applyProgressView({ moves: statuses(samplePlan(), "running"), startedAt: now, now }),
  ],
  ["result", applyResultView(doneResult())],
  ["failure", applyResultView(failedResult())],
  ["error", errorView(new Error("x"))],
  ["help", commandHelpView(rebalance)],
];

describe("renderSlack", () => {
  it.each(golden)("draws a %s that Slack takes, whatever blocks a workspace refuses", (_, view) => {
    for (let mask = 0; mask < 16; mask += 1) {
      const refused = new Set<NewBlockType>(NEW_BLOCKS.filter((_type, bit) => mask & (1 << bit)));
      const { blocks } = renderSlack(view, refused);
      expect(validateSlackBlocks(blocks, "message")).toEqual([]);
      expect(blocks.some(({ type }) => refused.has(type as NewBlockType))).toBe(false);
    }
  });

  it.each(golden)("loses nothing of a %s", (_, view) => {
    expect(renderSlack(view).lossy).toEqual([]);
  });

  it.each(golden)(
    "has every figure of a %s in its text, and the same as in the terminal",
    (_, view) => {
      const figures = (text: string): Set<string> => new Set(text.match(/\d+(\.\d+)?/g));
      const { text, blocks } = renderSlack(view);
      const inText = figures(text);
      const { blocks: shown } = { blocks: blocks.filter(({ type }) => type !== "actions") };
      const words = JSON.stringify(shown, (key, value: unknown) =>
        [
          "type",
          "task_id",
          "timestamp",
          "format",
          "page_size",
          "row_header_column_index",
          "user_id",
        ].includes(key)
          ? undefined
          : value,
      );
      for (const figure of figures(words)) expect(inText).toContain(figure);
      const terminal = renderTerminal(
        { blocks: view.blocks.filter(({ kind }) => kind !== "actions") },
        { width: 200 },
      );
      expect(figures(terminal)).toEqual(inText);
    },
  );

  it("draws the plan as people see it", () => {
    expect(renderSlack(planView(samplePlan(), { id: "P-7F3K", actions }))).toMatchSnapshot();
  });

  it.each([0, 500, 1000, 1500])(
    "draws 500 random views from seed %i within Slack's limits",
    (start) => {
      for (let seed = start + 1; seed <= start + 500; seed += 1) {
        const random = seeded(seed);
        const view = randomView(random);
        const refused = new Set(NEW_BLOCKS.filter(() => random() < 0.3));
        const { blocks, text } = renderSlack(view, refused);
        expect(validateSlackBlocks(blocks, "message"), `seed ${seed}`).toEqual([]);
        expect(text.length, `seed ${seed}`).toBeLessThanOrEqual(4000);
        expect(text.length, `seed ${seed}`).toBeGreaterThan(0);
      }
    },
  );

  it("says in the message what it leaves out, and puts the whole into a file", () => {
    const rows = Array.from({ length: 300 }, (_, index) => [`node-${index}`, `${index % 100} %`]);
    const columns = [{ header: "Node" }, { header: "Load" }];
    const view: View = {
      blocks: [{ kind: "table", caption: "Nodes", columns, rows, rowHeader: 0 }],
    };
    const { blocks, text, files, lossy } = renderSlack(view);
    expect(validateSlackBlocks(blocks, "message")).toEqual([]);
    expect(JSON.stringify(blocks)).toContain(
      "99 of 300 rows shown; the file below this message has all.",
    );
    expect(text).toContain("more characters are in the file below this message");
    expect(lossy.map(({ path }) => path)).toEqual(["blocks[0].rows", "text"]);
    expect(files[0]?.content).toContain("node-299: Load 99 %");
  });

  it("never loses the buttons of a long message", () => {
    const plan = {
      ...samplePlan(),
      moves: Array.from({ length: 900 }, (_, i) => move(i, `vm-${i}`, "a", "b")),
    };
    const { blocks, lossy } = renderSlack(planView(plan, { actions }));
    expect(blocks.length).toBeLessThanOrEqual(45);
    expect(blocks.at(-1)?.type).toBe("actions");
    expect(lossy.map(({ path }) => path)).toContain("blocks");
    expect(validateSlackBlocks(blocks, "message")).toEqual([]);
  });

  it("lets no name call people, make links or markup", () => {
    const plan = samplePlan();
    const [first] = plan.moves;
    const name = "<!channel> <http://evil.example|click> *b* & <@UBOSS>";
    const view = planView({ ...plan, cluster: name, moves: [{ ...first!, name }] });
    const { text, blocks } = renderSlack(view);
    expect(text).not.toMatch(/<[!@h]/);
    expect(text).toContain("&lt;!channel&gt;");
    const marked = JSON.stringify(
      blocks.filter(({ type }) => type === "context" || type === "section"),
    );
    expect(marked).not.toMatch(/<[!@h]/);
  });

  it("gives each chart label once, though long names begin alike", () => {
    const categories = [
      "hypervisor-rack-1-node-01",
      "hypervisor-rack-1-node-02",
      "hypervisor-rack-1-node-0-2",
    ];
    const chart = {
      title: "Load",
      unit: "%",
      alt: "",
      series: [{ name: "now", values: [1, 2, 3] }],
    };
    const { blocks } = renderSlack({ blocks: [{ kind: "barChart", categories, ...chart }] });
    expect(validateSlackBlocks(blocks, "message")).toEqual([]);
    expect(JSON.stringify(blocks)).toContain("hypervisor-…-node-01");
  });
});
