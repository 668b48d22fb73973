import type { Kysely } from "kysely";
import type { Tables } from "./tables.ts";

/** What the queue of runs needs of a database; pg-boss takes it as its own. */
export interface QueueDatabase {
  /** Runs one statement, or several where there are no values. */
  executeSql(text: string, values?: unknown[]): Promise<{ rows: object[] }>;
  /** Calls back for every notification; `onReconnect` each time that it listens, for what was sent in between is gone. */
  listen(
    channel: string,
    onNotification: (payload: string) => void,
    onReconnect: () => void,
  ): Promise<{ close(): Promise<void> }>;
}

/** A database that is open, whichever it is. */
export interface Database {
  readonly engine: "embedded" | "postgres";
  /** As the login of the program. */
  readonly db: Kysely<Tables>;
  readonly queue: QueueDatabase;
  /** Runs a transaction's work; on the embedded store a second connection asked for within it is an error. */
  within<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
