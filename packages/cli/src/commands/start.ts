import { type CommandSpec, defineCommand } from "../command.ts";
import { connectionFlags } from "../flags/common-flags.ts";

/** Runs the bot. */
export const start: CommandSpec = defineCommand({
  name: "start",
  summary: "Run the Slack bot of the configuration until Ctrl-C.",
  flags: { config: connectionFlags.config },
  examples: ["start --config kappa4.yaml"],
  load: async () => (await import("../run/start.ts")).runStart,
});
