import { z } from "zod";
import { LOG_LEVELS, type LogLevel, type LogRecord } from "./ring.ts";

/** Which records; what is left out does not narrow. */
export interface LogFilterInput {
  /** This level and those that matter more. Default `info`. */
  readonly level?: LogLevel | undefined;
  /** Only records in whose sentence or facts this occurs, large or small. */
  readonly text?: string | undefined;
}

/** The fields of {@link LogFilterInput}. */
export const logFilter: {
  readonly [Field in keyof LogFilterInput]-?: z.ZodType<LogFilterInput[Field]>;
} = {
  level: z
    .enum(LOG_LEVELS)
    .optional()
    .describe("This level and those that matter more. Default info."),
  text: z.string().min(1).optional().describe("Only records in which this occurs."),
};

/** Tells whether a record is among those that a filter asks for. */
export function isAmong(record: LogRecord, { level = "info", text }: LogFilterInput): boolean {
  const isLoud = LOG_LEVELS.indexOf(record.level) >= LOG_LEVELS.indexOf(level);
  return isLoud && (text === undefined || textOf(record).includes(text.toLowerCase()));
}

function textOf({ message, fields }: LogRecord): string {
  return `${message} ${JSON.stringify(fields)}`.toLowerCase();
}
