import { z } from "zod";
import { defineAction, type ReadAction } from "../actions/define.ts";
import { onOrg } from "../actions/scopes.ts";
import { LOG_LEVELS, type LogLevel, type LogRecord } from "./ring.ts";

/** Which records; what is left out does not narrow. */
export interface QueryLogsInput {
  /** This level and those that matter more. Default `info`. */
  readonly level?: LogLevel | undefined;
  /** Only records in whose sentence or facts this occurs, large or small. */
  readonly text?: string | undefined;
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
    level: z
      .enum(LOG_LEVELS)
      .optional()
      .describe("This level and those that matter more. Default info."),
    text: z.string().min(1).optional().describe("Only records in which this occurs."),
    from: z.date().optional().describe("Not before this."),
    limit: z.int().min(1).max(1000).optional().describe("At most so many. Default 100."),
  }),
  ...onOrg,
  audit: () => ({ targets: ["logs"] }),
  async run({ self }, { level = "info", text, from, limit = 100 }) {
    const least = LOG_LEVELS.indexOf(level);
    const needle = text?.toLowerCase();
    return self.logs
      .list()
      .filter((record) => LOG_LEVELS.indexOf(record.level) >= least)
      .filter(({ at }) => from === undefined || at >= from)
      .filter((record) => needle === undefined || textOf(record).includes(needle))
      .slice(-limit);
  },
});

function textOf({ message, fields }: LogRecord): string {
  return `${message} ${JSON.stringify(fields)}`.toLowerCase();
}
