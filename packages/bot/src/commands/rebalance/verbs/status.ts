import type { PlanDetails, RunView } from "@kappa4/sdk";
import { z } from "zod";
import { clockTime } from "../../../view/format.ts";
import type { Block, TableBlock, View } from "../../../view/model.ts";
import type { CommandContext } from "../../context.ts";
import { defineVerb, type Verb } from "../../define.ts";
import { runSentence } from "../answers.ts";
import { isRebalance, resultOf, type StoredRebalance } from "../known.ts";
import { isApplicable, planMessage } from "../plan-message.ts";
import { planSentence } from "../plan-view.ts";
import { applyResultView } from "../result-view.ts";
import { runMessage } from "../run-message.ts";
import { getRebalance } from "../stored.ts";

const MOST_LISTED = 10;

/** Shows what is going on: runs, the last results, and the plans that wait. */
export const status: Verb = defineVerb({
  summary: "Shows the run under way, the last results and the plans that wait.",
  kind: "read",
  examples: ["status", "status R-11CD", "status P-7F3K"],
  aliases: ["estado", "history"],
  positional: ["id"],
  input: z.strictObject({ id: z.string().optional().describe("the id of a run or a plan") }),
  argumentAliases: { of: "id" },
  async *run(context, { id }) {
    const view = id === undefined ? await overview(context) : await one(context, id);
    yield { to: "person", view };
  },
});

async function one(context: CommandContext, id: string): Promise<View> {
  if (/^r-/i.test(id)) return ofRun(context, await context.kappa4.runs.get({ run: id }));
  const plan = await getRebalance(context, id);
  const who = await context.people();
  return planMessage(plan, { who, now: new Date(context.clock.now()), hasButtons: false });
}

async function ofRun(context: CommandContext, run: RunView): Promise<View> {
  const { kappa4, clock } = context;
  const plan = await kappa4.plans.get({ plan: run.plan });
  const who = await context.people();
  if (run.endedAt === undefined || !isRebalance(plan)) {
    return runMessage(run, { plan, who, now: new Date(clock.now()), hasButtons: false });
  }
  const { cancelAskedBy } = run;
  const stoppedBy = cancelAskedBy === undefined ? undefined : who(cancelAskedBy);
  const result = await resultOf(kappa4, plan, run);
  return applyResultView(result, { run: run.shortId, plan: plan.shortId, stoppedBy });
}

async function overview({ kappa4, clock }: CommandContext): Promise<View> {
  const listed = await kappa4.runs.list({ action: "rebalance.apply", limit: MOST_LISTED });
  const runs = await Promise.all(listed.map(({ id }) => kappa4.runs.get({ run: id })));
  const plansOfRuns = await Promise.all(runs.map(({ plan }) => kappa4.plans.get({ plan })));
  const now = clock.now();
  const plans = await waiting(kappa4, new Date(now));
  if (runs.length === 0 && plans.length === 0) {
    return {
      blocks: [
        { kind: "text", text: "No run is under way, and no plan waits." },
        { kind: "note", text: ["Make a plan: ", { code: "/rebalance dry-run" }] },
      ],
    };
  }
  const active = runs.filter(({ endedAt }) => endedAt === undefined).length;
  const blocks: Block[] = [
    { kind: "title", text: "Rebalance" },
    { kind: "text", text: active === 0 ? "No run is under way." : `${active} under way.` },
  ];
  if (runs.length > 0) blocks.push(runTable(runs, plansOfRuns, now));
  if (plans.length > 0) blocks.push(planTable(plans));
  return { blocks };
}

/** A plan without moves waits for nothing. */
async function waiting(
  kappa4: CommandContext["kappa4"],
  now: Date,
): Promise<readonly StoredRebalance[]> {
  const open = await kappa4.plans.list({ isOpen: true, limit: MOST_LISTED });
  const plans = await Promise.all(open.map(({ id }) => kappa4.plans.get({ plan: id })));
  return plans
    .filter(isRebalance)
    .filter((plan) => isApplicable(plan, now) || plan.approval?.state === "pending")
    .filter(({ content }) => content.moves.length > 0);
}

function runTable(
  runs: readonly RunView[],
  plans: readonly PlanDetails[],
  now: number,
): TableBlock {
  return {
    kind: "table",
    caption: "Runs, the newest first",
    layout: "lines",
    columns: [{ header: "Run" }, { header: "Connection" }, { header: "How it stands" }],
    rows: runs.map((run, index) => {
      const plan = plans[index];
      return [run.shortId, run.connection, plan === undefined ? "" : runSentence(run, plan, now)];
    }),
    rowHeader: 0,
  };
}

function planTable(plans: readonly StoredRebalance[]): TableBlock {
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
    rows: plans.map(({ shortId, connection, approval, expiresAt, content }) => [
      shortId,
      connection,
      approval === undefined
        ? `valid until ${clockTime(expiresAt)}`
        : `waits for approval as ${approval.shortId}`,
      planSentence(content),
    ]),
    rowHeader: 0,
  };
}
