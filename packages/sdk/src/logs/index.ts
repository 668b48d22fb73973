import { follow } from "./follow.ts";
import { query } from "./query.ts";

export type { LogFilterInput } from "./filter.ts";
export type { QueryLogsInput } from "./query.ts";
export type { LogLevel, LogRecord } from "./ring.ts";

/** What this process has logged. */
export interface LogsActions {
  /** Shows the last 1,000 records of this process, without secrets, the oldest first. */
  readonly query: typeof query;
  /** Follows what this process logs from now on, until its signal is raised; who reads slower than it logs is told how much was missed. */
  readonly follow: typeof follow;
}

/** The actions of `kappa4.logs`. */
export const logs: LogsActions = { query, follow };
