import { type CommandSpec, defineCommand } from "../command.ts";
import { connectionFlags, outputFlags } from "../flags/common-flags.ts";

/** Says how the levelling of each cluster stands. */
export const status: CommandSpec = defineCommand({
  name: "rebalance status",
  summary: "Say what is planned, what is under way, and how the last rebalance ended.",
  flags: {
    ...connectionFlags,
    connection: { value: "NAME", summary: "Only this connection. Default: all of them." },
    ...outputFlags,
  },
  examples: ["rebalance status", "rebalance status --connection gold --json"],
  load: async () => (await import("../run/standing.ts")).runStatus,
});
