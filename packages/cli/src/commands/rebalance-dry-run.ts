import { type CommandSpec, defineCommand } from "../command.ts";
import {
  connectionFlags,
  historyFlags,
  outputFlags,
  planFlags,
  snapshotFlags,
} from "../flags/common-flags.ts";

/** Makes a plan and shows it. */
export const dryRun: CommandSpec = defineCommand({
  name: "rebalance dry-run",
  summary: "Plan a rebalance and show it; change nothing.",
  flags: {
    ...connectionFlags,
    ...snapshotFlags,
    ...planFlags,
    ...historyFlags,
    "detailed-exit-code": {
      summary: "End with 10 when moves are planned, 11 when none is possible.",
    },
    ...outputFlags,
  },
  examples: [
    "rebalance dry-run",
    "rebalance dry-run --connection gold --balanciness 5",
    "rebalance dry-run --maintenance pve3",
    "rebalance dry-run --snapshot cluster.json --json > plan.json",
  ],
  notes: [
    "--json prints the plan; `kappa4 rebalance apply --plan FILE` applies exactly that plan.",
  ],
  load: async () => (await import("../run/dry-run.ts")).runDryRun,
});
