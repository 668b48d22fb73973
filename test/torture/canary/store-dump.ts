import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type OpenStoreOptions, openDatabase } from "../../../packages/sdk/src/store/open.ts";

/** A part of what a store holds. */
export interface StoredPart {
  readonly place: string;
  readonly content: string | Buffer;
}

/**
 * Reads every row of every table as text, the queue's too, after some statements; `options` name a login that sees all
 * rows.
 */
export async function dumpRows(
  options: OpenStoreOptions,
  before: readonly string[],
): Promise<readonly StoredPart[]> {
  const database = await openDatabase(options);
  try {
    for (const statement of before) await database.queue.executeSql(statement);
    const tables = await database.queue.executeSql(`select n.nspname as schema, c.relname as name
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'm') and n.nspname !~ '^(pg_|information_schema)' order by 1, 2`);
    const parts: StoredPart[] = [];
    for (const { schema, name } of tables.rows as { schema: string; name: string }[]) {
      const rows = await database.queue.executeSql(
        `select t::text as row from "${schema}"."${name}" t`,
      );
      const content = (rows.rows as { row: string }[]).map(({ row }) => row).join("\n");
      parts.push({ place: `table ${schema}.${name}`, content });
    }
    return parts;
  } finally {
    await database.close();
  }
}

/** Reads every file below a folder. */
export function filesOf(folder: string): readonly StoredPart[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => statSync(join(folder, file)).isFile())
    .map((file) => ({ place: `file ${file}`, content: readFileSync(join(folder, file)) }));
}
