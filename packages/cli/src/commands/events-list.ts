import { type CommandSpec, defineCommand } from "../command.ts";
import { outputFlags } from "../flags/common-flags.ts";

/** Lists what has happened. */
export const eventsList: CommandSpec = defineCommand({
  name: "events list",
  summary: "List what has happened, the newest first, and what people could not be told of it.",
  flags: {
    config: {
      value: "FILE",
      summary: "Configuration. Default: KAPPA4_CONFIG, else kappa4.yaml here.",
    },
    connection: { value: "NAME", summary: "Only of this connection. Default: all of them." },
    type: {
      value: "TYPE",
      multiple: true,
      summary:
        "Only of this type, such as run.ended or approval.stale; may be given several times.",
    },
    limit: { value: "N", summary: "At most so many, 500 at the most. Default 50." },
    failed: { summary: "Only what could not be told to all whom it concerns." },
    ...outputFlags,
  },
  examples: ["events list", "events list --type run.ended --limit 10", "events list --failed"],
  load: async () => (await import("../run/events-list.ts")).runEventsList,
});
