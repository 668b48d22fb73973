import { type CommandSpec, defineCommand } from "../command.ts";
import { connectionFlags, outputFlags, planFlags, snapshotFlags } from "../flags/common-flags.ts";

const { maintenance, "ignore-node": ignoreNode } = planFlags;

/** Checks the rules of a cluster. */
export const rulesCheck: CommandSpec = defineCommand({
  name: "rules check",
  summary: "Say which rules hold, which are broken, and which cannot hold and why.",
  flags: {
    ...connectionFlags,
    ...snapshotFlags,
    maintenance,
    "ignore-node": ignoreNode,
    "detailed-exit-code": {
      summary: "End with 10 when a rule is broken, 11 when one cannot hold.",
    },
    ...outputFlags,
  },
  examples: ["rules check", "rules check --snapshot cluster.json --detailed-exit-code"],
  load: async () => (await import("../run/rules-check.ts")).runRulesCheck,
});
