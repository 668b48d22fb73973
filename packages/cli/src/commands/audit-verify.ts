import { type CommandSpec, defineCommand } from "../command.ts";
import { outputFlags } from "../flags/common-flags.ts";

/** Verifies an exported audit record. */
export const auditVerify: CommandSpec = defineCommand({
  name: "audit verify",
  summary: "Say whether an exported audit record is what was sealed, and where it is not.",
  positional: { name: "FILE", summary: "the path of an exported record (JSONL)", required: true },
  flags: {
    key: {
      value: "FILE",
      multiple: true,
      summary: "Public key that checkpoints are checked with; may be given several times.",
    },
    checkpoint: {
      value: "FILE",
      multiple: true,
      summary: "A checkpoint that was kept elsewhere: it shows what a cut-off end hides.",
    },
    ...outputFlags,
  },
  examples: [
    "audit verify audit.jsonl",
    "audit verify audit.jsonl --key audit.pub --checkpoint 2026-11-21.txt",
  ],
  notes: ["Needs neither a store nor a network. Ends with 3 when the record is not intact."],
  load: async () => (await import("../run/audit-verify.ts")).runAuditVerify,
});
