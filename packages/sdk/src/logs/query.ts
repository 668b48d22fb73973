import { z } from "zod";
import { defineAction, type ReadAction } from "../actions/define.ts";
import { instantField } from "../actions/inputs.ts";
import { onOrg } from "../actions/scopes.ts";
import { isAmong, type LogFilterInput, logFilter } from "./filter.ts";
import type { LogRecord } from "./ring.ts";

/** Which records; what is left out does not narrow. */
export interface QueryLogsInput extends LogFilterInput {
  /** Inclusive. */
  readonly from?: Date | undefined;
  /** At most so many, the newest; 1,000 at the most. Default 100. */
  readonly limit?: number | undefined;
}

/** `logs.query` */
export const query: ReadAction<QueryLogsInput, readonly LogRecord[]> = defineAction<
  QueryLogsInput,
  readonly LogRecord[]
>({
  name: "logs.query",
  description: "Shows the last of what this process has logged, without secrets, the oldest first.",
  kind: "read",
  risk: 0,
  permission: "logs.read",
  input: z.strictObject({
    ...logFilter,
    from: instantField.optional().describe("Not before this."),
    limit: z
      .int()
      .min(1)
      .max(1000)
      .optional()
      .describe("At most so many, 1000 at the most. Default 100."),
  }),
  ...onOrg,
  audit: () => ({ targets: ["logs"] }),
  async run({ self }, { from, limit = 100, ...filter }) {
    return self.logs
      .list()
      .filter((record) => isAmong(record, filter))
      .filter(({ at }) => from === undefined || at >= from)
      .slice(-limit);
  },
});
