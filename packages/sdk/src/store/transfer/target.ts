import { Kappa4Error } from "@kappa4/connectors";
import { type Kysely, sql } from "kysely";
import type { Database } from "../engine.ts";
import { SCHEMA } from "../migrations/index.ts";
import { untyped } from "../transaction.ts";
import { type Digest, digestOf, full, settleFormats, type TextRow, writeRows } from "./rows.ts";
import { type Transferable, transferables } from "./tables.ts";

/** An empty store that rows are written into, all in one transaction. */
export interface Target {
  readonly tables: readonly Transferable[];
  write(table: Transferable, rows: readonly TextRow[]): Promise<void>;
  digest(table: Transferable): Promise<Digest>;
  /** For what is asked of the rows, or added to them, besides. */
  readonly db: Kysely<never>;
}

/**
 * Fills an empty store as its owner, in one transaction: either all of it is there afterwards, or nothing. Throws
 * `failed_precondition` when the store has rows of its own, `permission` when the login does not own it.
 */
export async function fill<T>({ db }: Database, work: (target: Target) => Promise<T>): Promise<T> {
  return untyped(db)
    .transaction()
    .execute(async (trx) => {
      await settleFormats(trx);
      const tables = await transferables(trx);
      const guarded = tables.filter(({ schema }) => schema === SCHEMA);
      for (const table of guarded) await letOwnerIn(trx, table, true);
      for (const table of tables) await mustBeEmpty(trx, table);
      await markFilled(trx);
      const result = await work({
        db: trx,
        tables,
        write: (table, rows) => writeRows(trx, table, rows),
        digest: (table) => digestOf(trx, table),
      });
      for (const table of guarded) await letOwnerIn(trx, table, false);
      return result;
    });
}

/** Policies name the roles of programs; the owner itself is let in for as long as this transaction lasts. */
async function letOwnerIn(trx: Kysely<never>, table: Transferable, isIn: boolean): Promise<void> {
  const force = sql.raw(isIn ? "no force" : "force");
  try {
    await sql`alter table ${full(table)} ${force} row level security`.execute(trx);
  } catch (cause) {
    throw new Kappa4Error(
      "permission",
      "That login does not own the tables of the store; use the address of the login that does.",
      { cause },
    );
  }
}

async function mustBeEmpty(trx: Kysely<never>, table: Transferable): Promise<void> {
  if (table.schema === SCHEMA && table.name === "orgs") await forgetUnusedOrg(trx);
  const { rows } = await sql`select 1 from ${full(table)} limit 1`.execute(trx);
  if (rows.length === 0) return;
  throw new Kappa4Error(
    "failed_precondition",
    `The store to write to is not empty: ${table.name} has rows, and nothing was written. Name a database that was just made, or a folder that is not there yet.`,
    { context: { operation: "fill", target: table.name } },
  );
}

/** What the table of organisations says of itself from the time on that a whole store was written into it. */
const FILLED = "holds a store that was moved or restored here";

/** Even an unused organisation that was brought from elsewhere is somebody's: it is not taken for one that was made here. */
async function markFilled(trx: Kysely<never>): Promise<void> {
  await sql`comment on table kappa4.orgs is ${sql.lit(FILLED)}`.execute(trx);
}

/**
 * A store that was opened and never used has its first organisation, as it was made, which nothing refers to. One that
 * was renamed, suspended or brought here stays.
 */
async function forgetUnusedOrg(trx: Kysely<never>): Promise<void> {
  await sql`savepoint forgetting`.execute(trx);
  try {
    await sql`delete from kappa4.orgs where slug = 'default' and name = 'Default'
      and status = 'active' and kind = 'standard'
      and obj_description('kappa4.orgs'::regclass, 'pg_class') is distinct from ${FILLED}`.execute(
      trx,
    );
  } catch (error) {
    if (!isReferred(error)) throw error;
    await sql`rollback to savepoint forgetting`.execute(trx);
  }
}

function isReferred(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "23503";
}
