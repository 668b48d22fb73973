import { z } from "zod";
import { defineAction, type ReadAction } from "../actions/define.ts";
import { onOrg } from "../actions/scopes.ts";
import { type AuditReport, verifyAudit } from "../audit/index.ts";
import { ownRecord } from "./own-record.ts";

/** What checkpoints are checked with. */
export interface VerifyRecordInput {
  /** Keys, each a line of the form `name+id+key`. Default: none, and no checkpoint counts. */
  readonly keys?: readonly string[] | undefined;
}

/** `audit.verify` */
export const verify: ReadAction<VerifyRecordInput, AuditReport> = defineAction<
  VerifyRecordInput,
  AuditReport
>({
  name: "audit.verify",
  description: "Checks that the record is whole: nothing changed, nothing missing, nothing added.",
  kind: "read",
  risk: 0,
  permission: "audit.read",
  input: z.strictObject({
    keys: z
      .array(z.string().min(1).max(500))
      .max(100)
      .optional()
      .describe("Keys that checkpoints are checked with, each a line of the form name+id+key."),
  }),
  ...onOrg,
  audit: () => ({ targets: ["audit"] }),
  async run(context, { keys }) {
    const { signal } = context;
    return verifyAudit(bytesOf(await ownRecord(context)), { keys, signal });
  },
});

async function* bytesOf(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const line of lines) yield Buffer.from(line);
}
