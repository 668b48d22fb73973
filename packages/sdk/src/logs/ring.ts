import { type Clock, type Hide, type Logger, redactText } from "@kappa4/connectors";
import { redact } from "../audit/redact.ts";

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
  /** Each one from now on, until the signal is raised; what could not be kept until it was read is told as one record. */
  follow(signal?: AbortSignal): AsyncIterable<LogRecord>;
}

/** So many records back can be looked at. */
const KEPT = 1_000;

/** Keeps the last 1,000 records of a logger, and passes each on; secrets are hidden before either. */
export class LogRing implements LogRecords {
  readonly logger: Logger;
  readonly #records: LogRecord[] = [];
  readonly #hide: Hide;
  #oldest = 0;
  #count = 0;
  /** Who waits for the next record. */
  readonly #waiting = new Set<() => void>();

  /** `hide` knows secrets; by default those that look like one. */
  constructor(clock: Clock, next: Logger, hide: Hide = redactText) {
    this.#hide = hide;
    const take = (level: LogLevel) => (fields: object, message: string) => {
      const record = this.#plain(level, new Date(clock.now()), fields, message);
      this.#keep(record);
      next[level](record.fields, record.message);
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

  follow(signal?: AbortSignal): AsyncIterable<LogRecord> {
    return this.#after(this.#count, signal);
  }

  async *#after(place: number, signal?: AbortSignal): AsyncGenerator<LogRecord, void, undefined> {
    let told = place;
    while (true) {
      const fresh = this.#count - told;
      const records = fresh === 0 ? [] : this.list().slice(-fresh);
      told = this.#count;
      const [first] = records;
      if (first !== undefined && fresh > records.length) yield gap(first, fresh - records.length);
      yield* records;
      signal?.throwIfAborted();
      if (told === this.#count) await this.#next(signal);
      signal?.throwIfAborted();
    }
  }

  /** Waits for the next record, or for the signal. */
  async #next(signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = (): void => resolve();
    this.#waiting.add(wake);
    signal?.addEventListener("abort", wake);
    try {
      await promise;
    } finally {
      this.#waiting.delete(wake);
      signal?.removeEventListener("abort", wake);
    }
  }

  #plain(level: LogLevel, at: Date, fields: object, message: string): LogRecord {
    const hide = this.#hide;
    const clean: Readonly<Record<string, unknown>> = Object(redact({ ...fields }, hide));
    return { at, level, message: hide(message), fields: clean };
  }

  #keep(record: LogRecord): void {
    this.#count += 1;
    if (this.#records.length < KEPT) {
      this.#records.push(record);
    } else {
      this.#records[this.#oldest] = record;
      this.#oldest = (this.#oldest + 1) % KEPT;
    }
    for (const wake of this.#waiting) wake();
  }
}

/** Stands for records that are gone already. */
function gap({ at }: LogRecord, missed: number): LogRecord {
  return { at, level: "warn", message: "records were missed", fields: { missed } };
}
