import { z } from "zod";
import { defineAction, type ReadAction } from "../actions/define.ts";
import { onOrg } from "../actions/scopes.ts";
import { isAmong, type LogFilterInput, logFilter } from "./filter.ts";
import type { LogRecord } from "./ring.ts";

/** `logs.follow` */
export const follow: ReadAction<LogFilterInput, AsyncIterable<LogRecord>> = defineAction<
  LogFilterInput,
  AsyncIterable<LogRecord>
>({
  name: "logs.follow",
  description: "Follows what this process logs from now on, without secrets, until one stops.",
  kind: "read",
  risk: 0,
  permission: "logs.read",
  input: z.strictObject(logFilter),
  ...onOrg,
  audit: () => ({ targets: ["logs"] }),
  async run({ self, signal }, filter) {
    return matching(self.logs.follow(signal), filter);
  },
});

async function* matching(
  records: AsyncIterable<LogRecord>,
  filter: LogFilterInput,
): AsyncGenerator<LogRecord, void, undefined> {
  for await (const record of records) {
    if (isAmong(record, filter)) yield record;
  }
}
