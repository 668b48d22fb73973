import { type CommandSpec, defineCommand } from "../command.ts";
import { forceFlag, outputFlags } from "../flags/common-flags.ts";

/** Writes the audit record into a file. */
export const auditExport: CommandSpec = defineCommand({
  name: "audit export",
  summary: "Write the audit record into a file that `audit verify` takes.",
  positional: { name: "FILE", summary: "the file to write (JSONL)", required: true },
  flags: {
    config: {
      value: "FILE",
      summary: "Configuration. Default: KAPPA4_CONFIG, else kappa4.yaml here.",
    },
    ...forceFlag,
    ...outputFlags,
  },
  examples: ["audit export audit.jsonl", "audit export audit.jsonl --force"],
  notes: ["Only its owner can read the file. That it was exported goes on record too."],
  load: async () => (await import("../run/audit-export.ts")).runAuditExport,
});
