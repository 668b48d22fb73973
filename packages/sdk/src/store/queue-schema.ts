import { type Kysely, sql } from "kysely";
import bossPackage from "pg-boss/package.json" with { type: "json" };
import type { QueueDatabase } from "./engine.ts";
import { ROLES } from "./roles.ts";

/** The schema that pg-boss keeps its jobs in. */
export const QUEUE_SCHEMA = "pgboss";

const WANTED = bossPackage.pgboss.schema;

/**
 * Makes the tables of pg-boss, or brings them up to date, as the owner; pg-boss itself lets one process do it. An
 * organisation's transaction may put a job in and see nothing of it: `start_after` is asked for by queues that notify.
 */
export async function installQueue(
  db: Kysely<never>,
  queue: Pick<QueueDatabase, "executeSql">,
): Promise<void> {
  if ((await installedVersion(db)) === WANTED) return;
  const { PgBoss } = await import("pg-boss");
  const boss = new PgBoss({ db: queue, schema: QUEUE_SCHEMA, supervise: false, schedule: false });
  await boss.start();
  await boss.stop({ graceful: false });
  for (const statement of [
    `grant usage on schema ${QUEUE_SCHEMA} to ${ROLES.app}, ${ROLES.platform}`,
    `grant insert, select (id, start_after) on ${QUEUE_SCHEMA}.job_common to ${ROLES.app}`,
    `grant select on ${QUEUE_SCHEMA}.queue to ${ROLES.app}`,
    // To be copied and backed up.
    `grant select on all tables in schema ${QUEUE_SCHEMA} to ${ROLES.platform}`,
  ]) {
    await sql.raw(statement).execute(db);
  }
}

/** Lets a login of a program run the queue: work on jobs, watch over queues, clean up. */
export async function admitToQueue(db: Kysely<never>, login: string): Promise<void> {
  const schema = sql.id(QUEUE_SCHEMA);
  const who = sql.id(login);
  await sql`grant usage on schema ${schema} to ${who}`.execute(db);
  await sql`grant select, insert, update, delete on all tables in schema ${schema} to ${who}`.execute(
    db,
  );
  await sql`grant execute on all functions in schema ${schema} to ${who}`.execute(db);
  await sql`grant usage on all sequences in schema ${schema} to ${who}`.execute(db);
}

async function installedVersion(db: Kysely<never>): Promise<number | undefined> {
  const table = `${QUEUE_SCHEMA}.version`;
  const { rows } = await sql<{
    there: string | null;
  }>`select to_regclass(${table})::text as there`.execute(db);
  if (rows[0]?.there == null) return undefined;
  const version = await sql<{ version: number }>`select version from ${sql.table(table)}`.execute(
    db,
  );
  return version.rows[0]?.version;
}
