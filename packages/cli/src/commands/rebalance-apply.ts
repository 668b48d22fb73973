import { type CommandSpec, defineCommand } from "../command.ts";
import { connectionFlags, historyFlags, outputFlags, planFlags } from "../flags/common-flags.ts";

/** Makes a plan, or takes one from a file, and carries it out. */
export const apply: CommandSpec = defineCommand({
  name: "rebalance apply",
  summary: "Plan, ask, and move the guests; with --plan apply exactly that plan.",
  flags: {
    ...connectionFlags,
    plan: {
      value: "FILE",
      summary: "A plan that `rebalance dry-run --json` printed; - reads stdin.",
    },
    yes: { summary: "Do not ask. Needed where nobody can be asked." },
    reason: { value: "TEXT", summary: "Why; it is put on record." },
    ...planFlags,
    ...historyFlags,
    ...outputFlags,
  },
  refused: {
    snapshot: "a file is not a cluster; nothing can be moved in it. Use rebalance dry-run",
  },
  examples: [
    "rebalance apply",
    "rebalance apply --only rules --yes",
    "rebalance apply --yes --history moves.json",
    "rebalance apply --plan plan.json",
  ],
  notes: [
    "Before each move the cluster is read again; a plan that no longer fits is refused.",
    "Ctrl-C starts nothing more and waits for the moves under way; a second Ctrl-C stops waiting.",
    "Ends with 0 when all that was asked is reached, 1 when refused, 3 when a move failed, 4 when the plan is stale,",
    "5 when somebody else cancelled it, 11 when the moves are done and a node is not empty or a rule or target is not",
    "reached, 130 after Ctrl-C.",
  ],
  load: async () => (await import("../run/apply.ts")).runApply,
});
