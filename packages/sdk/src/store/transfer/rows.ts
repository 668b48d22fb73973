import { createHash } from "node:crypto";
import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Transferable } from "./tables.ts";

/** One row, as the texts of its columns. */
export type TextRow = readonly (string | null)[];

/** What stands for all rows of a table. */
export interface Digest {
  readonly rows: number;
  /** SHA-256 over the rows in the order of their key. */
  readonly sha256: string;
}

const PAGE = 500;

/** Reads every row of a table within a transaction, in the order of its key. */
export async function* readRows(db: Kysely<never>, table: Transferable): AsyncGenerator<TextRow[]> {
  const texts = sql.join(table.columns.map(({ name }) => sql`${sql.id(name)}::text`));
  // Texts sort by their bytes: two servers may have different languages.
  const order = sql.join(table.key.map((name) => orderOf(table, name)));
  const select = sql`select json_build_array(${texts}) as texts from ${full(table)} order by ${order}`;
  await sql`declare transfer no scroll cursor for ${select}`.execute(db);
  for (;;) {
    const page = sql<{ texts: TextRow }>`fetch ${sql.lit(PAGE)} from transfer`;
    const { rows } = await page.execute(db);
    if (rows.length === 0) break;
    yield rows.map(({ texts }) => texts);
  }
  await sql`close transfer`.execute(db);
}

/** Adds rows to a table. */
export async function writeRows(
  db: Kysely<never>,
  table: Transferable,
  rows: readonly TextRow[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += PAGE) {
    const page = rows.slice(from, from + PAGE);
    const arrays = table.columns.map((_, at) => sql`${page.map((row) => row[at] ?? null)}::text[]`);
    const names = table.columns.map(({ name }) => sql.id(name));
    const values = table.columns.map(
      ({ type }, at) => sql`${sql.ref(`t.c${at}`)}::${sql.raw(type)}`,
    );
    const aliases = table.columns.map((_, at) => sql.id(`c${at}`));
    await sql`insert into ${full(table)} (${sql.join(names)}) select ${sql.join(values)}
      from unnest(${sql.join(arrays)}) as t (${sql.join(aliases)})`.execute(db);
  }
}

/** Sums up rows as they go by. */
export class Digester {
  readonly #hash = createHash("sha256");
  #rows = 0;

  add(rows: readonly TextRow[]): void {
    for (const row of rows) this.#hash.update(`${JSON.stringify(row)}\n`);
    this.#rows += rows.length;
  }

  get rows(): number {
    return this.#rows;
  }

  end(): Digest {
    return { rows: this.#rows, sha256: this.#hash.digest("hex") };
  }
}

/** Sums up a table as it is stored. */
export async function digestOf(db: Kysely<never>, table: Transferable): Promise<Digest> {
  const digester = new Digester();
  for await (const rows of readRows(db, table)) digester.add(rows);
  return digester.end();
}

/** Makes texts that are the same whoever writes them. */
export async function settleFormats(db: Kysely<never>): Promise<void> {
  await sql`select set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO', true),
    set_config('intervalstyle', 'iso_8601', true), set_config('bytea_output', 'hex', true),
    set_config('extra_float_digits', '3', true)`.execute(db);
}

/** The table with its schema. */
export function full({ schema, name }: Transferable): RawBuilder<unknown> {
  return sql.table(`${schema}.${name}`);
}

function orderOf({ columns }: Transferable, name: string): RawBuilder<unknown> {
  const { type } = columns.find((column) => column.name === name) ?? {};
  return type === "text" ? sql`${sql.id(name)} collate "C"` : sql.id(name);
}
