import { Kappa4Error } from "@kappa4/sdk";
import type { RebalanceOptions } from "@kappa4/sdk/balancing";
import { z } from "zod";
import type { CommandContext } from "../../context.ts";
import { defineVerb, type Verb } from "../../define.ts";
import { planMessage } from "../plan-message.ts";
import { getRebalance, refreshed } from "../stored.ts";
import { whichConnection } from "../which.ts";

const input = z.strictObject({
  connection: z.string().optional().describe("which connection, when there are several"),
  method: z
    .enum(["memory", "cpu", "disk"], "it must be memory, cpu or disk")
    .optional()
    .describe("what is levelled: memory, cpu or disk"),
  mode: z
    .enum(["used", "assigned", "psi"], "it must be used, assigned or psi")
    .optional()
    .describe("what counts as load: used, assigned or psi"),
  balanciness: z.coerce
    .number("it must be a number of percentage points")
    .min(0, "it must be at least 0")
    .max(100, "it must be at most 100")
    .optional()
    .describe("difference allowed between nodes, in percentage points"),
  "max-moves": z.coerce
    .number("it must be a whole number")
    .int("it must be a whole number")
    .min(1, "it must be at least 1")
    .optional()
    .describe("the most moves to level; repairs and drains are not limited"),
  maintenance: z.string().optional().describe("nodes to empty, separated by commas"),
  only: z
    .enum(["rules", "all"], "it must be rules")
    .optional()
    .describe("rules: repair rules and drain, but do not level"),
  replaces: z.string().optional().describe("the plan that the new one takes the place of"),
});

/** Reads the cluster, makes a plan and posts it; changes nothing. */
export const dryRun: Verb = defineVerb({
  summary: "Plans a rebalance and shows it; changes nothing.",
  kind: "plan",
  examples: [
    "dry-run",
    "dry-run gold --method cpu",
    "dry-run gold --max-moves 5",
    "dry-run gold --maintenance pve-03",
  ],
  aliases: ["plan", "simular"],
  positional: ["connection"],
  input,
  // What they were called before they were called as on the command line.
  argumentAliases: { drain: "maintenance", goal: "only" },
  hidden: ["replaces"],
  acknowledge: ({ connection }) =>
    `Reading ${connection ?? "the cluster"} and planning; nothing is changed.`,
  async *run(context, values) {
    const { kappa4, clock } = context;
    const connection = whichConnection(kappa4.connections, values.connection);
    const made = await kappa4.rebalance.plan({ connection, options: options(values) });
    const plan = await getRebalance(context, made.id);
    const who = await context.people();
    const now = new Date(clock.now());
    yield { to: "channel", subject: plan.shortId, view: planMessage(plan, { who, now }) };
    context.follow.plan(plan.shortId);
    if (values.replaces === undefined) return;
    if (!(await setAside(context, values.replaces))) return;
    yield await refreshed(context, values.replaces, plan.shortId);
  },
});

/** Tells whether the plan could still be set aside: by now it may be applied, or be somebody else's. */
async function setAside(context: CommandContext, plan: string): Promise<boolean> {
  try {
    await context.kappa4.plans.discard({ plan }, context.once("replace"));
    return true;
  } catch (error) {
    const isExpected = ["conflict", "permission", "not_found"] as const;
    if (isExpected.some((code) => Kappa4Error.is(error, code))) return false;
    throw error;
  }
}

type Values = z.output<typeof input>;

function options(values: Values): RebalanceOptions {
  return {
    method: values.method,
    mode: values.mode,
    balanciness: values.balanciness,
    maxMoves: values["max-moves"],
    goal: values.only,
    maintenanceNodes: values.maintenance
      ?.split(",")
      .map((name) => name.trim())
      .filter((name) => name !== ""),
  };
}
