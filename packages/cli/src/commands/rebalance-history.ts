import { type CommandSpec, defineCommand } from "../command.ts";
import { connectionFlags, outputFlags } from "../flags/common-flags.ts";

/** Lists the rebalances that are over. */
export const history: CommandSpec = defineCommand({
  name: "rebalance history",
  summary: "List the rebalances that are over, the newest first.",
  flags: {
    ...connectionFlags,
    connection: { value: "NAME", summary: "Only this connection. Default: all of them." },
    limit: { value: "N", summary: "At most so many. Default 50." },
    before: { value: "RUN", summary: "Older than this run, by the id that --json shows." },
    ...outputFlags,
  },
  examples: ["rebalance history", "rebalance history --limit 10 --json"],
  load: async () => (await import("../run/standing.ts")).runHistory,
});
