import { z } from "zod";
import { clockTime } from "../../../view/format.ts";
import type { Block, TableBlock, View } from "../../../view/model.ts";
import type { CommandContext, PlanRecord, RunRecord } from "../../context.ts";
import { defineVerb, type Verb } from "../../define.ts";
import { runSentence, unknownPlan } from "../answers.ts";
import { planMessage } from "../plan-message.ts";
import { planSentence } from "../plan-view.ts";
import { applyProgressView } from "../progress-view.ts";
import { applyResultView } from "../result-view.ts";

const MOST_LISTED = 10;

/** Shows what is going on: runs, the last results, and the plans that wait. */
export const status: Verb = defineVerb({
  summary: "Shows the run under way, the last results and the plans that wait.",
  kind: "read",
  examples: ["status", "status R-11CD", "status P-7F3K"],
  aliases: ["estado"],
  positional: ["id"],
  input: z.strictObject({ id: z.string().optional().describe("the id of a run or a plan") }),
  argumentAliases: { of: "id" },
  async *run(context, { id }) {
    const view = id === undefined ? await overview(context) : await one(context, id.toUpperCase());
    yield { to: "person", view };
  },
});

async function one(context: CommandContext, id: string): Promise<View> {
  const run = context.runs.find(id);
  if (run !== undefined) return runView(run, context.clock.now());
  const plan = await context.plans.find(id);
  if (plan === undefined) return unknownPlan(id);
  const message = planMessage({ issue: () => "" }, plan);
  return { blocks: message.blocks.filter(({ kind }) => kind !== "actions") };
}

function runView(run: RunRecord, now: number): View {
  const ids = { run: run.id, plan: run.planId };
  if (run.result !== undefined)
    return applyResultView(run.result, { ...ids, stoppedBy: run.stoppedBy });
  return applyProgressView(
    { moves: run.moves, startedAt: run.startedAt, now: new Date(now) },
    { ...ids, stopping: run.stoppedBy !== undefined },
  );
}

async function overview(context: CommandContext): Promise<View> {
  const runs = context.runs.list().slice(0, MOST_LISTED);
  // A plan without moves waits for nothing.
  const waiting = (await context.plans.list()).filter(({ plan }) => plan.moves.length > 0);
  const plans = waiting.slice(0, MOST_LISTED);
  if (runs.length === 0 && plans.length === 0) {
    return {
      blocks: [
        { kind: "text", text: "No run is under way, and no plan waits." },
        { kind: "note", text: ["Make a plan: ", { code: "/rebalance dry-run" }] },
      ],
    };
  }
  const now = context.clock.now();
  const active = runs.filter(({ result }) => result === undefined).length;
  const blocks: Block[] = [
    { kind: "title", text: "Rebalance" },
    { kind: "text", text: active === 0 ? "No run is under way." : `${active} under way.` },
  ];
  if (runs.length > 0) blocks.push(runTable(runs, now));
  if (plans.length > 0) blocks.push(planTable(plans));
  return { blocks };
}

function runTable(runs: readonly RunRecord[], now: number): TableBlock {
  return {
    kind: "table",
    caption: "Runs, the newest first",
    layout: "lines",
    columns: [{ header: "Run" }, { header: "Connection" }, { header: "How it stands" }],
    rows: runs.map((run) => [run.id, run.connection, runSentence(run, now)]),
    rowHeader: 0,
  };
}

function planTable(plans: readonly PlanRecord[]): TableBlock {
  return {
    kind: "table",
    caption: "Plans, the newest first",
    layout: "lines",
    columns: [
      { header: "Plan" },
      { header: "Connection" },
      { header: "State" },
      { header: "What it does" },
    ],
    rows: plans.map((record) => [
      record.id,
      record.connection,
      record.state.kind === "ready"
        ? `valid until ${clockTime(record.expiresAt)}`
        : record.state.kind,
      planSentence(record.plan),
    ]),
    rowHeader: 0,
  };
}
