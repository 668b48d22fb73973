import { type Kysely, sql } from "kysely";
import { fromUuid, type Id } from "../ids.ts";
import type { QueueDatabase } from "./engine.ts";
import { QUEUE_SCHEMA } from "./queue-schema.ts";
import type { StoreTransaction } from "./transaction.ts";

/** A run that is not over, and that no worker would ever take up. */
export interface LostRun {
  readonly org: Id<"org">;
  readonly run: Id<"run">;
  readonly action: string;
  readonly connection: string;
  readonly cluster: string;
}

/** In which tier of the queue a job is to be. */
export interface JobTier {
  readonly id: string;
  readonly tier: string;
}

/** A job that a worker has taken. */
export interface ActiveJob {
  readonly id: string;
  /** How often it was taken before. */
  readonly retryCount: number;
}

/** A job that was given back, and that nobody is to take for so long. */
export interface PutOffJob extends ActiveJob {
  readonly forMs: number;
}

/** What the queue of runs asks of the tables that pg-boss keeps; a job's id is the UUID of its run. */
export interface QueueJobs {
  /** Jobs that a worker has taken and not ended, each with how often it was taken before. */
  active(): Promise<readonly ActiveJob[]>;
  /** Takes jobs away that are over. */
  forget(ids: readonly string[]): Promise<void>;
  /** Puts waiting jobs into their tiers that are in another or in none, as an older version has put them in. */
  assign(jobs: readonly JobTier[]): Promise<void>;
  /** Has those wait that were given back and that nobody has taken since. */
  putOff(jobs: readonly PutOffJob[]): Promise<void>;
  /** Calls back whenever somebody has put a job in, and each time that notifications may have been missed. */
  listen(onJob: () => void): Promise<{ close(): Promise<void> }>;
}

const CHANNEL = "kappa4_runs";

/** Looks after the jobs of one queue. */
export function queueJobs(queue: QueueDatabase, name: string): QueueJobs {
  const jobs = `${QUEUE_SCHEMA}.job`;
  return {
    async active() {
      const text = `select id::text as id, retry_count from ${jobs} where name = $1 and state = 'active'`;
      const { rows } = await queue.executeSql(text, [name]);
      return (rows as { id: string; retry_count: number | string }[]).map((row) => ({
        id: row.id,
        retryCount: Number(row.retry_count),
      }));
    },
    async forget(ids) {
      const over = "state in ('completed', 'cancelled', 'failed')";
      const text = `delete from ${jobs} where name = $1 and id = any($2::uuid[]) and ${over}`;
      await queue.executeSql(text, [name, [...ids]]);
    },
    async assign(waiting) {
      const text = `update ${jobs} j set group_tier = t.tier
        from unnest($2::uuid[], $3::text[]) as t (id, tier)
        where j.name = $1 and j.id = t.id and j.group_tier is distinct from t.tier
        and j.state in ('created', 'retry')`;
      const ids = waiting.map(({ id }) => id);
      await queue.executeSql(text, [name, ids, waiting.map(({ tier }) => tier)]);
    },
    async putOff(left) {
      const text = `update ${jobs} j
        set start_after = ${QUEUE_SCHEMA}.job_now() + t.for_ms * interval '1 millisecond'
        from unnest($2::uuid[], $3::int[], $4::int[]) as t (id, retry_count, for_ms)
        where j.name = $1 and j.id = t.id and j.retry_count = t.retry_count and j.state = 'retry'`;
      const [ids, counts] = [left.map(({ id }) => id), left.map((job) => job.retryCount)];
      await queue.executeSql(text, [name, ids, counts, left.map(({ forMs }) => forMs)]);
    },
    listen: (onJob) => queue.listen(CHANNEL, onJob, onJob),
  };
}

/** The tier of a run: whoever has its connection and knows its action can carry it out. */
export function tierOf({ action, connection }: Pick<LostRun, "action" | "connection">): string {
  return `${action}@${connection}`;
}

/** Tells every worker that there is a job, when the transaction commits. */
export async function tellWorkers(db: StoreTransaction): Promise<void> {
  await sql`select pg_notify(${CHANNEL}, '')`.execute(db);
}

/**
 * Finds the runs of all organisations that are not over and have no job, or one that waits in another tier than its own: in
 * one statement, so none is only half seen.
 */
export async function lostRuns(
  db: Kysely<never> | StoreTransaction,
  queue: string,
): Promise<readonly LostRun[]> {
  const { rows } = await sql<Omit<LostRun, "org" | "run"> & { orgId: string; id: string }>`
    select r.org_id, r.id, r.action, r.connection, r.cluster from runs r
    where r.state in ('queued', 'running') and not exists (
      select from ${sql.table(`${QUEUE_SCHEMA}.job`)} j
      where j.name = ${queue} and j.id = r.id
      and (j.state = 'active'
        or (j.state in ('created', 'retry') and j.group_tier = r.action || '@' || r.connection)))
    order by r.id`.execute(db);
  return rows.map(({ orgId, id, ...row }) => ({
    ...row,
    org: fromUuid("org", orgId),
    run: fromUuid("run", id),
  }));
}
