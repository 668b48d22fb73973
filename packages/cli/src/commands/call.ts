import { type CommandSpec, defineCommand } from "../command.ts";

/** Calls any action. */
export const call: CommandSpec = defineCommand({
  name: "call",
  summary: "Call an action by its name, as whoever holds this machine, and print what it answers.",
  positional: {
    name: "ACTION",
    summary: "such as runs.list; `kappa4 actions` lists them",
    required: true,
  },
  flags: {
    config: {
      value: "FILE",
      summary: "Configuration. Default: KAPPA4_CONFIG, else kappa4.yaml here.",
    },
    input: { value: "JSON", summary: "What it takes; - reads stdin. Default {}." },
    wait: {
      summary: "Carry out a run that it starts, with whatever else waits, and print how it ended.",
    },
    work: {
      summary:
        "Work meanwhile on every run that waits, whoever asked for it. What is not over at the end is left to the next program.",
    },
    "request-key": {
      value: "TEXT",
      summary: "The same key again within a day gives the first answer and does nothing more.",
    },
  },
  examples: [
    "call runs.list",
    `call runs.get --input '{"run":"R-11CD"}'`,
    `call rebalance.apply --input '{"plan":"P-7F3K"}' --wait`,
    `call runs.wait --input '{"run":"R-11CD"}' --work`,
  ],
  notes: [
    "What an action takes: `kappa4 actions ACTION`, for example `kappa4 actions runs.get`.",
    "Prints JSON; what goes on and on, as runs.watch, prints one line for each change.",
  ],
  load: async () => (await import("../run/call.ts")).runCall,
});
