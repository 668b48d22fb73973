import type { Logger } from "@kappa4/connectors";
import type { PgBoss } from "pg-boss";
import type { Id } from "../ids.ts";
import type { OrgTransaction, Store } from "../store/index.ts";
import { QUEUE_SCHEMA } from "../store/queue-schema.ts";

/** A run that waits for a worker. Ids alone: the queue stands outside row-level security. */
export interface RunJob {
  readonly org: Id<"org">;
  readonly run: Id<"run">;
}

/** Does a job; `signal` is raised when another worker has taken it over. */
export type RunHandler = (job: RunJob, signal: AbortSignal) => Promise<void>;

/** The queue of runs. */
export interface RunQueue {
  /** Puts a run in, in the transaction that makes it. */
  add(tx: OrgTransaction, job: RunJob): Promise<void>;
  /** Does jobs as they come, several at a time. */
  work(handler: RunHandler): Promise<void>;
  /** Takes no more jobs and waits a while for those under way; what is not done is another worker's. */
  close(): Promise<void>;
}

const QUEUE = "kappa4-runs";
/** Runs at the same time in one process; each has a cluster of its own. */
const RUNS_AT_ONCE = 8;
/** A worker that says nothing for so long is gone: the least that the queue can tell. */
const HEARTBEAT_SECONDS = 10;
/** The longest that the queue lets a job be under way; who goes on with it then waits for the lease of the first. */
const DAY_SECONDS = 24 * 60 * 60;
const DRAIN_MS = 10_000;

/** Opens the queue in the store's own database. */
export async function openQueue(store: Store, logger: Logger): Promise<RunQueue> {
  const { PgBoss, fromKysely } = await import("pg-boss");
  const isEmbedded = store.engine === "embedded";
  const boss = new PgBoss({
    db: store.queue,
    schema: QUEUE_SCHEMA,
    // The store has made the tables, as their owner.
    migrate: false,
    backend: isEmbedded ? "pglite" : "postgres",
    schedule: false,
    supervise: true,
    // How soon a dead worker is noticed. An embedded store has no other worker that could take over.
    monitorIntervalSeconds: isEmbedded ? 30 : 1,
    useListenNotify: true,
  });
  boss.on("error", (error) => logger.error({ error }, "The queue of runs has trouble"));
  await boss.start();
  await boss.createQueue(QUEUE, {
    retryLimit: 1000,
    retryDelay: 0,
    heartbeatSeconds: HEARTBEAT_SECONDS,
    expireInSeconds: DAY_SECONDS,
    notify: true,
  });
  if (isEmbedded) await takeOver(boss, store);
  // A queue that was never touched is looked up over another connection, which a transaction would wait for for ever.
  await boss.getQueue(QUEUE);
  return {
    async add({ db }, job) {
      await boss.send(QUEUE, job, { db: fromKysely(db.withoutPlugins()), group: { id: job.org } });
    },
    async work(handler) {
      await boss.work<RunJob>(
        QUEUE,
        {
          localConcurrency: RUNS_AT_ONCE,
          pollingIntervalSeconds: 1,
          notifyPollingIntervalSeconds: 1,
          heartbeatRefreshSeconds: 2,
        },
        async (jobs) => {
          for (const { data, signal } of jobs) await handler(data, signal);
        },
      );
    },
    close: () => boss.stop({ graceful: true, timeout: DRAIN_MS, close: false }),
  };
}

/** Nobody else can have an embedded store open: what was under way when it was opened is under way no more. */
async function takeOver(boss: PgBoss, store: Store): Promise<void> {
  for (const id of await store.activeJobs(QUEUE)) await boss.fail(QUEUE, id);
}
