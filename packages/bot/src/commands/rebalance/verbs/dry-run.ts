import type { RebalanceOptions } from "@kappa4/sdk/balancing";
import { z } from "zod";
import { defineVerb, type Verb } from "../../define.ts";
import { planMessage } from "../plan-message.ts";
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
    const { kappa4, plans, person, place } = context;
    const connection = whichConnection(kappa4, values.connection);
    const plan = await kappa4.rebalance.preview({ connection, options: options(values) });
    const record = await plans.save({
      connection,
      plan,
      input: typed(connection, values),
      by: person,
      place,
    });
    yield { to: "channel", subject: record.id, view: planMessage(context, record) };
    if (values.replaces === undefined) return;
    const at = new Date(context.clock.now());
    const old = await plans.settle(values.replaces, { kind: "replaced", by: record.id, at });
    if (!old.settled || old.record === undefined) return;
    yield {
      to: "channel",
      subject: old.record.id,
      view: planMessage(context, old.record),
    };
  },
});

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

/** What to type for the same plan again. */
function typed(connection: string, values: Values): Readonly<Record<string, string>> {
  const { replaces: _, ...rest } = values;
  const given = Object.entries({ ...rest, connection }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}
