import { type Kysely, sql } from "kysely";
import { readShapes } from "../check/shape.ts";
import { SCHEMA } from "../migrations/index.ts";
import { QUEUE_SCHEMA } from "../queue-schema.ts";

/** A table whose rows go from one store to another. */
export interface Transferable {
  readonly schema: string;
  readonly name: string;
  /** Every column that is written, with its type; all go as texts. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Puts the rows into the same order everywhere. */
  readonly key: readonly string[];
}

/** The queue's own tables that matter elsewhere: what waits to be done. The rest is statistics. */
const QUEUE_TABLES = ["queue", "job"];

/**
 * Lists what has to be copied, each table after those that it refers to. The number of a transaction means nothing in
 * another database, where it is the one that copies.
 */
export async function transferables(db: Kysely<never>): Promise<readonly Transferable[]> {
  const shapes = await readShapes(db);
  const names = [
    ...shapes.map(({ name }) => ({ schema: SCHEMA, name })),
    ...QUEUE_TABLES.map((name) => ({ schema: QUEUE_SCHEMA, name })),
  ];
  const tables: Transferable[] = [];
  for (const { schema, name } of names) {
    const { rows } = await sql<Pick<Transferable, "columns" | "key">>`select
        (select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod))
            order by a.attnum)
          from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            and a.attgenerated = '' and a.atttypid <> 'xid8'::regtype) as columns,
        (select json_agg(a.attname order by k.at) from pg_index i
          cross join unnest(i.indkey) with ordinality k (num, at)
          join pg_attribute a on a.attrelid = c.oid and a.attnum = k.num
          where i.indrelid = c.oid and i.indisprimary) as key
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = ${schema} and c.relname = ${name}`.execute(db);
    const [found] = rows;
    if (found !== undefined) {
      const { columns, key } = found;
      tables.push({ schema, name, columns, key: key ?? columns.map((column) => column.name) });
    }
  }
  return tables;
}
