import type { Clock, Logger } from "@kappa4/connectors";
import { redact, redactText } from "../audit/redact.ts";

/** How much a record matters, the least first. */
export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;

/** One of `debug`, `info`, `warn` or `error`. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What was logged, without secrets. */
export interface LogRecord {
  readonly at: Date;
  readonly level: LogLevel;
  /** A constant sentence. */
  readonly message: string;
  /** The facts, as plain data. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The last of what was logged. */
export interface LogRecords {
  /** The oldest first. */
  list(): readonly LogRecord[];
}

/** So many records back can be looked at. */
const KEPT = 1_000;

/** Keeps the last 1,000 records of a logger, secrets hidden before they are kept, and passes each on as it came. */
export class LogRing implements LogRecords {
  readonly logger: Logger;
  readonly #records: LogRecord[] = [];
  #oldest = 0;

  constructor(clock: Clock, next: Logger) {
    const take = (level: LogLevel) => (fields: object, message: string) => {
      this.#keep(level, { at: new Date(clock.now()), fields, message });
      next[level](fields, message);
    };
    this.logger = {
      debug: take("debug"),
      info: take("info"),
      warn: take("warn"),
      error: take("error"),
    };
  }

  list(): readonly LogRecord[] {
    return [...this.#records.slice(this.#oldest), ...this.#records.slice(0, this.#oldest)];
  }

  #keep(
    level: LogLevel,
    {
      at,
      fields,
      message,
    }: { readonly at: Date; readonly fields: object; readonly message: string },
  ): void {
    const plain = { ...fields };
    const record: LogRecord = {
      at,
      level,
      message: redactText(message),
      fields: Object(redact(plain)),
    };
    if (this.#records.length < KEPT) {
      this.#records.push(record);
      return;
    }
    this.#records[this.#oldest] = record;
    this.#oldest = (this.#oldest + 1) % KEPT;
  }
}
