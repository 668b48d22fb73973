import { resolve } from "node:path";
import { Kappa4Error } from "@kappa4/connectors";
import { sql } from "kysely";
import { systemClock } from "../clock.ts";
import { type CheckReport, checkDatabase } from "./check/index.ts";
import type { Database } from "./engine.ts";
import { explainError } from "./explain-error.ts";
import { DEFAULT_PATH, isStoreThere } from "./is-there.ts";
import { SCHEMA } from "./migrations/index.ts";
import { type OpenStoreOptions, openDatabase } from "./open.ts";
import { prepare } from "./prepare.ts";
import { backUp, type MarkRestored, restore } from "./transfer/backup.ts";
import { readBackup } from "./transfer/backup-file.ts";
import { type Copied, moveRows } from "./transfer/move.ts";

export type { Copied } from "./transfer/move.ts";

/** Looks for holes in the walls between the organisations of a store. Leaves no row behind. Throws `not_found` without a store. */
export function checkStore(options: OpenStoreOptions = {}): Promise<CheckReport> {
  return withStore(options, async (database) => {
    await prepare(database, options);
    return checkDatabase(database);
  });
}

/** Brings a store up to date and returns the names of the migrations that were applied. */
export function migrateStore(options: OpenStoreOptions = {}): Promise<readonly string[]> {
  return withDatabase(options, (database) => prepare(database, options));
}

/**
 * Writes a whole store, as it is at one moment, into a file that only its owner can read, and reads it back. A store on
 * a server can be in use meanwhile. Throws `not_found` where there is no store.
 */
export function backUpStore(file: string, options: OpenStoreOptions = {}): Promise<Copied> {
  const { clock = systemClock, onProgress = () => {} } = options;
  return withStore(options, async (database) => {
    await prepare(database, options);
    return backUp(database, resolve(file), new Date(clock.now()), onProgress);
  });
}

/**
 * Fills an empty store from a backup. Throws `failed_precondition` when the store is not empty, `invalid_argument` when the
 * file is not whole; nothing is restored then. `mark` writes the entry that each sealed audit goes on with.
 */
export async function restoreStore(
  file: string,
  options: OpenStoreOptions = {},
  mark?: MarkRestored | undefined,
): Promise<Copied> {
  const { onProgress = () => {} } = options;
  const path = resolve(file);
  // A file that is of no use is told before a store is made for it.
  for await (const _ of readBackup(path));
  return withOwner(options, (database) => restore(database, path, onProgress, mark));
}

/**
 * Copies a whole store into an empty one and compares them row for row; the source stays as it is. Throws
 * `not_found` where there is no store to copy, `failed_precondition` when the target is not empty; nothing is kept of
 * the copy then.
 */
export function moveStore(from: OpenStoreOptions, to: OpenStoreOptions): Promise<Copied> {
  const { onProgress = () => {} } = from;
  return withStore(from, async (source) => {
    await prepare(source, from);
    return withOwner(to, (target) => moveRows(source, target, onProgress));
  });
}

/** Makes the tables, and lets their owner work on them; the login of programs is admitted on the way. */
async function withOwner<T>(
  options: OpenStoreOptions,
  work: (owner: Database) => Promise<T>,
): Promise<T> {
  const { url, ownerUrl } = options;
  if (ownerUrl === undefined || ownerUrl === url) {
    return withDatabase(options, async (database) => {
      await prepare(database, options);
      return work(database);
    });
  }
  await migrateStore(options);
  return withDatabase({ ...options, url: ownerUrl, ownerUrl: undefined }, work);
}

/** What only reads makes no store: an empty new one would look like the one that was meant. */
async function withStore<T>(
  options: OpenStoreOptions,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  if (!isStoreThere(options)) throw noStore(resolve(options.path ?? DEFAULT_PATH));
  return withDatabase(options, async (database) => {
    if (!(await hasTables(database))) throw noStore("that database");
    return work(database);
  });
}

/**
 * A folder whose store was never made to its end has a database without tables. The catalogue can be read by everybody, the
 * schema by its owner alone until a role is taken.
 */
async function hasTables({ db }: Database): Promise<boolean> {
  const { rows } = await sql<{ has: boolean }>`
    select exists (
      select from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = ${SCHEMA} and c.relname = 'orgs'
    ) as has`.execute(db);
  return rows[0]?.has ?? false;
}

function noStore(place: string): Kappa4Error {
  return new Kappa4Error(
    "not_found",
    `There is no store in ${place}, and none was made; name the one you mean with --path, --database or --config.`,
    { context: { operation: "open", target: place } },
  );
}

async function withDatabase<T>(
  options: OpenStoreOptions,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(options);
  try {
    return await work(database);
  } catch (error) {
    throw explainError(error, "open store");
  } finally {
    await database.close();
  }
}
