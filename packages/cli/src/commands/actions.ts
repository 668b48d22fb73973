import { type CommandSpec, defineCommand } from "../command.ts";
import { outputFlags } from "../flags/common-flags.ts";

/** Lists everything that Kappa4 can do. */
export const actions: CommandSpec = defineCommand({
  name: "actions",
  summary: "List every action: what it is for, which permission it needs, what it takes.",
  positional: {
    name: "NAME",
    summary: "a noun, or an action such as runs.list, whose fields are shown",
    required: false,
  },
  flags: {
    ...outputFlags,
    json: { summary: "Print JSON, with the JSON Schema of every input." },
  },
  examples: ["actions", "actions approvals", "actions runs.get", "actions rebalance.plan --json"],
  load: async () => (await import("../run/actions.ts")).runActions,
});
