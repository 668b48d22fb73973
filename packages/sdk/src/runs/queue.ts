import { createHash } from "node:crypto";
import type { Logger } from "@kappa4/connectors";
import type { PgBoss } from "pg-boss";
import { type Id, toUuid } from "../ids.ts";
import type { LostRun, OrgTransaction, Store } from "../store/index.ts";
import { tellWorkers, tierOf } from "../store/queue-jobs.ts";
import { QUEUE_SCHEMA } from "../store/queue-schema.ts";
import { Dispatcher, type JobAttempt } from "./dispatcher.ts";
import { stopwatch as realStopwatch, type Stopwatch } from "./stopwatch.ts";

/** A run that waits for a worker. Ids alone: the queue stands outside row-level security. */
export interface RunJob {
  readonly org: Id<"org">;
  readonly run: Id<"run">;
}

/** What a worker can do: runs of these actions, by these connections. */
export interface Abilities {
  readonly connections: readonly string[];
  readonly actions: readonly string[];
}

/** Does a job; `signal` is raised when another worker has taken it over. */
export type RunHandler = (job: RunJob, signal: AbortSignal) => Promise<void>;

/** The queue of runs. */
export interface RunQueue {
  /** Puts a run in, in the transaction that makes it. */
  add(tx: OrgTransaction, run: LostRun): Promise<void>;
  /** Puts those in that are not over and have no job that anybody would take, whatever became of it; returns how many. */
  mend(): Promise<number>;
  /**
   * Does jobs as they come, several at a time; of those that change the same cluster, one. Those of other connections
   * and actions it leaves where they are, for whoever has and knows them.
   */
  work(able: Abilities, handler: RunHandler): Promise<void>;
  /** Takes no more jobs and waits a while for those under way; what is not done is another worker's. */
  close(): Promise<void>;
}

/** Options of {@link openQueue}. */
export interface OpenQueueOptions {
  readonly logger: Logger;
  readonly stopwatch?: Stopwatch | undefined;
}

const QUEUE = "kappa4-runs";
/** Runs at the same time in one process; each has a cluster of its own. */
const RUNS_AT_ONCE = 64;
/** A worker that says nothing for so long is gone: the least that the queue can tell. */
const HEARTBEAT_SECONDS = 10;
/** The longest that the queue lets a job be under way; who goes on with it then waits for the lease of the first. */
const DAY_SECONDS = 24 * 60 * 60;
const DRAIN_MS = 10_000;

/** Opens the queue in the store's own database. */
export async function openQueue(
  store: Store,
  { logger, stopwatch = realStopwatch }: OpenQueueOptions,
): Promise<RunQueue> {
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
    superviseIntervalSeconds: isEmbedded ? 30 : 1,
    monitorIntervalSeconds: isEmbedded ? 30 : 1,
  });
  boss.on("error", (error) => logger.error({ error }, "The queue of runs has trouble"));
  await boss.start();
  await boss.createQueue(QUEUE, {
    retryLimit: 1000,
    retryDelay: 0,
    heartbeatSeconds: HEARTBEAT_SECONDS,
    expireInSeconds: DAY_SECONDS,
  });
  const jobs = store.jobs(QUEUE);
  // A queue that was never touched is looked up over another connection, which a transaction would wait for for ever.
  await boss.findJobs(QUEUE, { key: "none" });
  if (isEmbedded) await takeOver(boss, store);
  let dispatcher: Dispatcher<RunJob> | undefined;
  let listener: { close(): Promise<void> } | undefined;

  const queue: RunQueue = {
    async add({ db }, run) {
      const { id, data, group } = jobOf(run);
      await boss.send(QUEUE, data, { id, group, db: fromKysely(db.withoutPlugins()) });
      await tellWorkers(db);
    },
    async mend() {
      const lost = (await store.platform((tx) => tx.lostRuns(QUEUE))).map(jobOf);
      if (lost.length === 0) return 0;
      await jobs.forget(lost.map(({ id }) => id));
      await jobs.assign(lost.map(({ id, group }) => ({ id, tier: group.tier })));
      // Those that are there by now stay as they are.
      await boss.insert(QUEUE, lost);
      dispatcher?.wake();
      return lost.length;
    },
    async work({ connections, actions }, handle) {
      // What is in no tier that is named here has no place: it would be held, and kept from those who can do it.
      const tiers = Object.fromEntries(
        connections.flatMap((connection) =>
          actions.map((action) => [tierOf({ action, connection }), 1]),
        ),
      );
      const groupConcurrency = { default: 0, tiers };
      dispatcher = new Dispatcher<RunJob>({
        stopwatch,
        logger,
        atOnce: RUNS_AT_ONCE,
        handle,
        jobs: {
          fetch: (most) => boss.fetch<RunJob>(QUEUE, { batchSize: most, groupConcurrency }),
          complete: async (done) => void (await boss.complete(QUEUE, attempts(done))),
          async giveBack(left) {
            await boss.fail(QUEUE, attempts(left));
            const later = left.filter(({ forMs }) => forMs > 0);
            if (later.length > 0) await jobs.putOff(later);
          },
          async keep(asked) {
            await boss.touch(QUEUE, attempts(asked));
            return jobs.active();
          },
        },
      });
      listener = await jobs.listen(() => dispatcher?.wake());
    },
    async close() {
      await listener?.close();
      await dispatcher?.close(DRAIN_MS);
      await boss.stop({ graceful: true, timeout: DRAIN_MS, close: false });
    },
  };
  return queue;
}

/**
 * Several runs of one cluster are one group: the first of them is done, and the others take nobody's place. The tier
 * says who can do it.
 */
function jobOf({ org, run, action, connection, cluster }: LostRun): {
  readonly id: string;
  readonly data: RunJob;
  readonly group: { readonly id: string; readonly tier: string };
} {
  const group = createHash("sha256").update(`${org}\n${cluster}`).digest("hex").slice(0, 32);
  return {
    id: toUuid(run),
    data: { org, run },
    group: { id: group, tier: tierOf({ action, connection }) },
  };
}

function attempts(jobs: readonly JobAttempt[]): JobAttempt[] {
  return jobs.map(({ id, retryCount }) => ({ id, retryCount }));
}

/** Nobody else can have an embedded store open: what was under way when it was opened is under way no more. */
async function takeOver(boss: PgBoss, store: Store): Promise<void> {
  const active = await store.jobs(QUEUE).active();
  if (active.length > 0) await boss.fail(QUEUE, attempts(active));
}
