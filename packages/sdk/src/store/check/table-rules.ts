import { ROLES } from "../roles.ts";
import type { Rule } from "./finding.ts";

/** Tables of Kappa4, apart from those in which kysely keeps count of migrations. */
const TABLES = `pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'kappa4' and c.relkind in ('r', 'p') and c.relname not like 'kysely_migration%'`;

/** The column that says whose a row is: `id` of the organisations themselves, `org_id` of everything else. */
const ORG_COLUMN = "(case c.relname when 'orgs' then 'id' else 'org_id' end)";

/** The position of that column. */
const ORG_ATTNUM = `(select a.attnum from pg_attribute a where a.attrelid = c.oid and a.attname = ${ORG_COLUMN})`;

/** What a policy must say, as PostgreSQL writes it back. */
const OWN_ROWS = `format('(%s = ( SELECT (NULLIF(current_setting(''kappa4.org''::text, true), ''''::text))::uuid AS "nullif"))', ${ORG_COLUMN})`;

const POLICIES = `select c.relname, p.polname, p.polcmd, p.polpermissive,
    array(select pg_get_userbyid(r) from unnest(p.polroles) r where r <> 0) as roles,
    0 = any (p.polroles) as is_public,
    regexp_replace(pg_get_expr(p.polqual, p.polrelid), '\\s+', ' ', 'g') as qual,
    regexp_replace(pg_get_expr(p.polwithcheck, p.polrelid), '\\s+', ' ', 'g') as checked,
    ${OWN_ROWS} as own
  from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'kappa4'`;

/** Whether a policy is one that an organisation's transaction meets. */
const FOR_APP = `(is_public or '${ROLES.app}' = any (roles))`;

/** What must be true of every table and its policies. */
export const TABLE_RULES: readonly Rule[] = [
  {
    rule: "rls-missing",
    message: "has no row-level security: every organisation sees every row",
    sql: `select c.relname as object from ${TABLES} and not c.relrowsecurity`,
  },
  {
    rule: "rls-not-forced",
    message: "does not force row-level security: its owner is exempt",
    sql: `select c.relname as object from ${TABLES} and c.relrowsecurity and not c.relforcerowsecurity`,
  },
  {
    rule: "org-column",
    message: "does not say of every row whose it is, in a uuid that is never null",
    sql: `select c.relname as object from ${TABLES} and not exists (select from pg_attribute a
      where a.attrelid = c.oid and a.attname = ${ORG_COLUMN} and a.attnotnull and a.atttypid = 'uuid'::regtype)`,
  },
  {
    rule: "policy-missing",
    message: "has no policy of an organisation for this verb",
    sql: `select c.relname || ' ' || verb.name as object from
      (values ('select', 'r'), ('insert', 'a'), ('update', 'w'), ('delete', 'd')) as verb (name, letter),
      ${TABLES} and c.relrowsecurity and not exists (select from pg_policy p where p.polrelid = c.oid
        and p.polcmd in ('*', verb.letter::"char") and p.polpermissive
        and '${ROLES.app}'::regrole::oid = any (p.polroles))`,
  },
  {
    rule: "policy-open",
    message: "shows an organisation more than its own rows",
    sql: `select relname || '.' || polname as object from (${POLICIES}) p
      where ${FOR_APP} and polpermissive and polcmd <> 'a' and qual is distinct from own`,
  },
  {
    rule: "policy-unchecked",
    message: "does not check whose the rows are that an organisation writes",
    sql: `select relname || '.' || polname as object from (${POLICIES}) p
      where ${FOR_APP} and polpermissive and polcmd in ('*', 'a', 'w') and checked is distinct from own`,
  },
  {
    rule: "policy-for-others",
    message: "is a policy for a role that the store does not know",
    sql: `select relname || '.' || polname as object from (${POLICIES}) p
      where is_public or not roles <@ array['${ROLES.app}', '${ROLES.platform}', '${ROLES.search}']::name[]
        or ('${ROLES.search}' = any (roles) and polcmd <> 'r')`,
  },
  {
    rule: "unique-without-org",
    message: "is unique across organisations: a duplicate reveals what another one has",
    sql: `select i.indexrelid::regclass::text as object from pg_index i, ${TABLES} and c.relname <> 'orgs'
      and i.indrelid = c.oid and i.indisunique and i.indkey[0] is distinct from ${ORG_ATTNUM}`,
  },
  {
    rule: "foreign-key-without-org",
    message:
      "leads to rows of other organisations: foreign keys are checked past row-level security",
    sql: `select k.conname as object from pg_constraint k, ${TABLES} and k.conrelid = c.oid and k.contype = 'f'
      and not exists (select from unnest(k.conkey, k.confkey) as pair (here, there)
        join pg_attribute far on far.attrelid = k.confrelid and far.attnum = pair.there
        where pair.here = ${ORG_ATTNUM} and far.attname =
          (select case target.relname when 'orgs' then 'id' else 'org_id' end
            from pg_class target where target.oid = k.confrelid))`,
  },
  {
    rule: "type",
    message: "has a type that is read differently elsewhere, or keeps its index from being used",
    sql: `select c.relname || '.' || a.attname as object from pg_attribute a, pg_type t, ${TABLES}
      and a.attrelid = c.oid and t.oid = a.atttypid and a.attnum > 0 and not a.attisdropped
      and (t.typname in ('timestamp', 'time', 'timetz', 'money') or t.typtype = 'e')`,
  },
];
