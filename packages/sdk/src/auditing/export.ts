import { defineAction, type ReadAction } from "../actions/define.ts";
import { type NoInput, noInput } from "../actions/inputs.ts";
import { onOrg } from "../actions/scopes.ts";
import { ownRecord } from "./own-record.ts";

/** `audit.export` */
export const exportRecord: ReadAction<NoInput, AsyncIterable<string>> = defineAction<
  NoInput,
  AsyncIterable<string>
>({
  name: "audit.export",
  description: "Writes the whole record out as lines that anybody can verify without a database.",
  kind: "read",
  isRecorded: true,
  risk: 0,
  permission: "audit.export",
  input: noInput,
  ...onOrg,
  audit: () => ({ targets: ["audit"] }),
  run: (context) => ownRecord(context),
});
