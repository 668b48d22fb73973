import { type CommandSpec, defineCommand } from "../command.ts";
import {
  connectionFlags,
  historyFlags,
  outputFlags,
  planFlags,
  snapshotFlags,
} from "../flags/common-flags.ts";

/** Shows the reasons behind a plan. */
export const explain: CommandSpec = defineCommand({
  name: "rebalance explain",
  summary: "Say why each guest would move, or why one guest stays.",
  positional: { name: "GUEST", summary: "the id or name of a guest", required: false },
  flags: { ...connectionFlags, ...snapshotFlags, ...planFlags, ...historyFlags, ...outputFlags },
  examples: [
    "rebalance explain",
    "rebalance explain web-03",
    "rebalance explain 104 --snapshot cluster.json",
  ],
  load: async () => (await import("../run/explain.ts")).runExplain,
});
