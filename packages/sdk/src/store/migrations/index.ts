import { type Kysely, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { down as coreDown, up as coreUp } from "./0001-core.ts";
import { down as searchDown, up as searchUp } from "./0002-search.ts";
import { down as quotasDown, up as quotasUp } from "./0003-quotas.ts";
import { down as deliveriesDown, up as deliveriesUp } from "./0004-deliveries.ts";

/** Every migration, by name, in the order in which they are applied. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  "0001-core": { up: coreUp, down: coreDown },
  "0002-search": { up: searchUp, down: searchDown },
  "0003-quotas": { up: quotasUp, down: quotasDown },
  "0004-deliveries": { up: deliveriesUp, down: deliveriesDown },
};

/** The schema that holds every table of Kappa4. */
export const SCHEMA = "kappa4";

/** Brings the store's tables up to date, one process at a time; returns the names of what was applied. */
export async function migrateUp(db: Kysely<never>): Promise<readonly string[]> {
  return applied(await migrator(db).migrateToLatest());
}

/** Names what a database still lacks; for a login that may not change it. */
export async function pending(db: Kysely<never>): Promise<readonly string[]> {
  const { rows } = await sql<{
    name: string;
  }>`select name from ${sql.table(`${SCHEMA}.kysely_migration`)}`.execute(db);
  const known = new Set(rows.map(({ name }) => name));
  return Object.keys(MIGRATIONS).filter((name) => !known.has(name));
}

/** Takes the last migration back; returns its name, or nothing where none was left. */
export async function migrateDown(db: Kysely<never>): Promise<readonly string[]> {
  return applied(await migrator(db).migrateDown());
}

function migrator(db: Kysely<never>): Migrator {
  return new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...MIGRATIONS }) },
    migrationTableSchema: SCHEMA,
  });
}

type Outcome = Awaited<ReturnType<Migrator["migrateToLatest"]>>;

function applied({ error, results = [] }: Outcome): readonly string[] {
  if (error !== undefined) throw error;
  return results
    .filter(({ status }) => status === "Success")
    .map(({ migrationName }) => migrationName);
}
