import { defineAction, type ReadAction } from "../actions/define.ts";
import { type NoInput, noInput } from "../actions/inputs.ts";
import { onOrg } from "../actions/scopes.ts";
import type { AuditExport } from "../audit/index.ts";
import { ownRecord } from "./own-record.ts";

/** `audit.export` */
export const exportRecord: ReadAction<NoInput, AuditExport> = defineAction<NoInput, AuditExport>({
  name: "audit.export",
  description:
    "Writes out the record, as far as it is sealed, as lines that anybody can verify without a database.",
  kind: "read",
  isRecorded: true,
  risk: 0,
  permission: "audit.export",
  input: noInput,
  ...onOrg,
  audit: () => ({ targets: ["audit"] }),
  run: (context) => ownRecord(context),
});
