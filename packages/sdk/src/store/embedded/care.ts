import type { Logger } from "@kappa4/connectors";

/** Runs one statement of its own, with nobody else's transaction around it. */
type Send = (sql: string) => Promise<{ readonly rows: readonly object[] }>;

/** What a round of care did. */
export interface CareReport {
  readonly isCheckpointed: boolean;
  /** Tables whose dead rows were taken away. */
  readonly vacuumed: readonly string[];
}

/** How often is looked, in milliseconds. */
const EVERY_MS = 15_000;

/** The log grows no further than this, in bytes, before it is written through; recovery reads all of it. */
const LARGEST_LOG = 64 * 2 ** 20;

/** Even a log that hardly grows is written through after this many milliseconds. */
const OLDEST_LOG_MS = 5 * 60_000;

/** A table is worth the trouble with so many dead rows, if they are a fifth of it. */
const DEAD_ROWS = 1000;

/** PostgreSQL in one process has no background workers: what its checkpointer and autovacuum would do is done here. */
export class Care {
  readonly #send: Send;
  readonly #now: () => number;
  #checkpointedAt: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(send: Send, now: () => number = () => performance.now()) {
    this.#send = send;
    this.#now = now;
    this.#checkpointedAt = now();
  }

  /** Looks after the database until {@link Care.stop}. */
  start(logger: Logger | undefined): void {
    this.#timer = setInterval(() => {
      this.round().catch((error: unknown) => {
        logger?.warn({ reason: String(error) }, "The embedded store could not be looked after.");
      });
    }, EVERY_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Does what has become due. */
  async round(): Promise<CareReport> {
    // What this session counted is otherwise told when a second has passed since it last was.
    await this.#send("select pg_stat_force_next_flush()");
    const { rows } = await this.#send(DEAD_TABLES);
    const vacuumed = rows.map((row) => String(Object.values(row)[0]));
    for (const table of vacuumed) await this.#send(`vacuum (analyze) ${table}`);
    const log = Number(await this.#value(LOG_BYTES));
    const isOld = this.#now() - this.#checkpointedAt > OLDEST_LOG_MS && log > 0;
    const isCheckpointed = log > LARGEST_LOG || isOld;
    if (isCheckpointed) {
      await this.#send("checkpoint");
      this.#checkpointedAt = this.#now();
    }
    return { isCheckpointed, vacuumed };
  }

  async #value(sql: string): Promise<unknown> {
    const { rows } = await this.#send(sql);
    return Object.values(rows[0] ?? {})[0];
  }
}

const LOG_BYTES = `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn)::bigint from pg_control_checkpoint()`;

const DEAD_TABLES = `select format('%I.%I', schemaname, relname) from pg_stat_user_tables
  where n_dead_tup > ${DEAD_ROWS} and n_dead_tup > n_live_tup / 5 order by n_dead_tup desc`;
