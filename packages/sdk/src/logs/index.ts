import { query } from "./query.ts";

export type { QueryLogsInput } from "./query.ts";
export type { LogLevel, LogRecord } from "./ring.ts";

/** What this process has logged. */
export interface LogsActions {
  /** Shows the last 1,000 records of this process, without secrets, the oldest first. */
  readonly query: typeof query;
}

/** The actions of `kappa4.logs`. */
export const logs: LogsActions = { query };
