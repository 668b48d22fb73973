import { type Kysely, sql } from "kysely";
import { ROLES } from "../roles.ts";

/** A column that a new row needs a value for, or may have one. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  /** Whether a program may write it when it adds a row. */
  readonly isWritable: boolean;
}

/** A foreign key. */
export interface Reference {
  readonly columns: readonly string[];
  readonly table: string;
  readonly targets: readonly string[];
}

/** A table as the catalogue describes it: enough to make a row of it. */
export interface Shape {
  readonly name: string;
  /** Whose a row is: `org_id`, or `id` of the organisations themselves. */
  readonly org: string;
  readonly columns: readonly Column[];
  readonly references: readonly Reference[];
  /** The columns of unique indexes. */
  readonly keys: readonly string[];
  /** For columns that take one of several texts: the first of them. */
  readonly choices: Readonly<Record<string, string>>;
}

interface Row {
  readonly name: string;
  readonly columns: readonly {
    readonly name: string;
    readonly type: string;
    readonly required: boolean;
    readonly writable: boolean;
  }[];
  readonly references: readonly Reference[];
  readonly keys: readonly string[];
  readonly checks: readonly string[];
}

/** A row without another table's row comes before that; a table that refers to itself is not waited for. */
export async function readShapes(db: Kysely<never>): Promise<readonly Shape[]> {
  const { rows } = await sql.raw<Row>(SHAPES).execute(db);
  const shapes = rows.map(toShape);
  const sorted: Shape[] = [];
  const done = new Set<string>();
  while (sorted.length < shapes.length) {
    const next = shapes.filter(
      ({ name, references }) =>
        !done.has(name) && references.every(({ table }) => table === name || done.has(table)),
    );
    if (next.length === 0)
      throw new Error("The tables of the store refer to each other in a ring.");
    for (const shape of next) done.add(shape.name);
    sorted.push(...next);
  }
  return sorted;
}

function toShape({ name, columns, references, keys, checks }: Row): Shape {
  const choices = checks.flatMap((check) => {
    const [, column, first] = /\(\(?(\w+) = ANY \(ARRAY\['([^']+)'/.exec(check) ?? [];
    return column === undefined || first === undefined ? [] : [[column, first] as const];
  });
  return {
    name,
    org: name === "orgs" ? "id" : "org_id",
    columns: columns.map(({ name, type, required, writable }) => ({
      name,
      type,
      isRequired: required,
      isWritable: writable,
    })),
    references,
    keys,
    choices: Object.fromEntries(choices),
  };
}

const NAMES = (columns: string, table: string): string =>
  `(select json_agg(a.attname order by u.at) from unnest(${columns}) with ordinality u (num, at)
    join pg_attribute a on a.attrelid = ${table} and a.attnum = u.num)`;

const SHAPES = `select c.relname as name,
    (select json_agg(json_build_object('name', a.attname, 'type', a.atttypid::regtype::text,
        'required', a.attnotnull and not a.atthasdef, 'writable',
        has_column_privilege('${ROLES.app}', c.oid, a.attnum, 'insert')
        or has_column_privilege('${ROLES.platform}', c.oid, a.attnum, 'insert')) order by a.attnum)
      from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        and a.attgenerated = '') as columns,
    coalesce((select json_agg(json_build_object('table', f.relname, 'columns', ${NAMES("k.conkey", "k.conrelid")},
        'targets', ${NAMES("k.confkey", "k.confrelid")}))
      from pg_constraint k join pg_class f on f.oid = k.confrelid
      where k.conrelid = c.oid and k.contype = 'f'), '[]') as references,
    coalesce((select json_agg(distinct a.attname) from pg_index i
      join pg_attribute a on a.attrelid = c.oid and a.attnum = any (i.indkey)
      where i.indrelid = c.oid and i.indisunique), '[]') as keys,
    coalesce((select json_agg(pg_get_constraintdef(k.oid)) from pg_constraint k
      where k.conrelid = c.oid and k.contype = 'c'), '[]') as checks
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'kappa4' and c.relkind in ('r', 'p') and c.relname not like 'kysely_migration%'
  order by c.relname`;
