import { Kappa4Error } from "@kappa4/connectors";
import { sql } from "kysely";
import type { Database } from "./engine.ts";
import { migrateUp, pending, SCHEMA } from "./migrations/index.ts";
import type { OpenStoreOptions } from "./open.ts";
import { openPostgres } from "./postgres/database.ts";
import { admitToQueue, installQueue } from "./queue-schema.ts";
import { admitLogin } from "./roles.ts";
import { onPlatform, untyped } from "./transaction.ts";

/**
 * Brings the tables up to date as their owner; returns the names of the migrations that were applied. A login that
 * does not own them only looks. Throws `failed_precondition` when it finds that they are behind.
 */
export async function prepare(
  database: Database,
  { url, ownerUrl, logger }: Pick<OpenStoreOptions, "url" | "ownerUrl" | "logger">,
): Promise<readonly string[]> {
  if (ownerUrl === undefined || ownerUrl === url) {
    return (await isForeign(database)) ? lookOnly(database) : upgrade(database);
  }
  const owner = openPostgres(ownerUrl, logger);
  try {
    const { rows } = await sql<{ login: string }>`select session_user as login`.execute(
      database.db,
    );
    return await upgrade(owner, rows[0]?.login);
  } finally {
    await owner.close();
  }
}

/**
 * kysely and pg-boss each lock what they do, but not the making of their schema, and two grants in one moment get into
 * each other's way: programs that start at once queue here.
 */
const UPGRADE_LOCK = 4_726_001;

async function upgrade(database: Database, login?: string): Promise<readonly string[]> {
  const plain = untyped(database.db);
  async function all(): Promise<readonly string[]> {
    const applied = await migrateUp(plain);
    await installQueue(plain, database.queue);
    if (login !== undefined) {
      await admitLogin(plain, login);
      await admitToQueue(plain, login);
    }
    return applied;
  }
  // One process has the embedded store, and one connection.
  if (database.engine === "embedded") return all();
  return plain.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(${sql.lit(UPGRADE_LOCK)})`.execute(trx);
    return all();
  });
}

/** Whether the tables are there and belong to a role that this login does not have. */
async function isForeign({ db }: Database): Promise<boolean> {
  const { rows } = await sql<{ foreign: boolean }>`
    select not pg_has_role(session_user, nspowner, 'usage') as foreign
    from pg_namespace where nspname = ${SCHEMA}`.execute(db);
  return rows[0]?.foreign ?? false;
}

async function lookOnly(database: Database): Promise<readonly string[]> {
  const missing = await onPlatform(database, ({ db }) => pending(untyped(db)));
  if (missing.length === 0) return [];
  throw new Kappa4Error(
    "failed_precondition",
    "The store is older than this program and this login does not own it; set DATABASE_OWNER_URL, or run kappa4 store migrate with it.",
    { context: { operation: "migrate", target: missing.join(", ") } },
  );
}
