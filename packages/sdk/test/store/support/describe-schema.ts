import { sql } from "kysely";
import type { Database } from "../../../src/store/engine.ts";

/** Everything that migrations make, as text: two databases with the same are the same. */
export async function describeSchema({ db }: Database): Promise<string> {
  const { rows } = await sql<{ line: string }>`
    select c.relname || ' ' || c.relkind::text || ' ' || c.relrowsecurity || c.relforcerowsecurity
        || ' ' || coalesce(c.relacl::text, '') as line
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'kappa4' and c.relname not like 'kysely%'
    union all select c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
        || ' ' || a.attnotnull || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
        || ' ' || coalesce(a.attacl::text, '')
      from pg_attribute a join pg_class c on c.oid = a.attrelid
      join pg_namespace n on n.oid = c.relnamespace
      left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where n.nspname = 'kappa4' and a.attnum > 0 and c.relkind = 'r' and c.relname not like 'kysely%'
    union all select c.relname || ' ' || k.conname || ' ' || pg_get_constraintdef(k.oid)
      from pg_constraint k join pg_class c on c.oid = k.conrelid
      join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'kappa4' and c.relname not like 'kysely%'
    union all select pg_get_indexdef(i.indexrelid)
      from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'kappa4' and c.relname not like 'kysely%'
    union all select c.relname || ' ' || p.polname || ' ' || p.polcmd::text || ' '
        || array(select r::regrole::text from unnest(p.polroles) r order by 1)::text
        || coalesce(pg_get_expr(p.polqual, p.polrelid), '') || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '')
      from pg_policy p join pg_class c on c.oid = p.polrelid
    union all select p.oid::regprocedure || ' ' || p.proacl::text || ' ' || p.proowner::regrole || p.prosrc
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'kappa4'
    order by line`.execute(db);
  return rows.map(({ line }) => line).join("\n");
}
