import { ROLES } from "../roles.ts";
import type { Rule } from "./finding.ts";

const OURS = Object.values(ROLES)
  .map((role) => `'${role}'`)
  .join(", ");

/** Functions that may act with the rights of their owner: the searches. */
export const SEARCHES: readonly string[] = ["search_events", "search_audit"];

const ALLOWED_DEFINERS = `array[${SEARCHES.map((name) => `'${name}'`).join(", ")}]::text[]`;

/** Every grant on a relation or a column of the two schemas, one row each. */
const GRANTS = `select n.nspname, c.relname, g.grantee, g.privilege_type as verb, null::name as attname, c.relowner
    from pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) g
    where n.nspname in ('kappa4', 'pgboss')
  union all
  select n.nspname, c.relname, g.grantee, g.privilege_type, a.attname, c.relowner
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace,
      aclexplode(a.attacl) g
    where n.nspname in ('kappa4', 'pgboss')`;

const SHOWN =
  "relname || ' ' || lower(verb) || ' to ' || coalesce(nullif(grantee, 0)::regrole::text, 'public')";

/** What must be true of everything that is no table, and of who may do what. */
export const OBJECT_RULES: readonly Rule[] = [
  {
    rule: "view-not-invoker",
    message: "is a view with its owner's rights: it shows rows of all organisations",
    sql: `select c.relname as object from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'kappa4' and c.relkind = 'v'
        and not coalesce(c.reloptions @> array['security_invoker=true'], false)`,
  },
  {
    rule: "materialized-view",
    message: "keeps copies of rows, and row-level security does not reach them",
    sql: `select c.relname as object from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'kappa4' and c.relkind in ('m', 'f')`,
  },
  {
    rule: "definer-function",
    message: "acts with the rights of its owner and is not one of the searches",
    sql: `select p.oid::regprocedure::text as object from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname = 'kappa4' and p.prosecdef and (p.proname <> all (${ALLOWED_DEFINERS})
        or pg_get_userbyid(p.proowner) <> '${ROLES.search}'
        or not exists (select from unnest(p.proconfig) s where s like 'search_path=%'))`,
  },
  {
    rule: "grant-beyond-rows",
    message: "is more than reading and writing rows; row-level security does not reach it",
    sql: `select ${SHOWN} as object from (${GRANTS}) g where nspname = 'kappa4' and grantee <> relowner
      and verb not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')`,
  },
  {
    rule: "grant-to-others",
    message: "lets in a role that the store does not know",
    sql: `select ${SHOWN} as object from (${GRANTS}) g where nspname = 'kappa4' and grantee <> relowner
      and (grantee = 0 or grantee::regrole::text not in (${OURS}))`,
  },
  {
    rule: "grant-on-audit",
    message: "lets an organisation change or remove what was recorded",
    sql: `select ${SHOWN} as object from (${GRANTS}) g where nspname = 'kappa4'
      and grantee = '${ROLES.app}'::regrole
      and ((relname = 'audit' and verb in ('UPDATE', 'DELETE'))
        or (relname in ('audit_heads', 'audit_checkpoints') and verb <> 'SELECT'))`,
  },
  {
    rule: "grant-on-queue",
    message: "shows an organisation more of the queue than it needs to put a job in",
    sql: `select ${SHOWN} as object from (${GRANTS}) g where nspname = 'pgboss'
      and (grantee = 0 or grantee = '${ROLES.app}'::regrole)
      and not (relname = 'queue' and verb = 'SELECT') and not (relname = 'job_common' and verb = 'INSERT')
      and not (relname = 'job_common' and verb = 'SELECT' and coalesce(attname, '') in ('id', 'start_after'))`,
  },
  {
    rule: "search-writes",
    message: "lets the searches change rows",
    sql: `select ${SHOWN} as object from (${GRANTS}) g
      where grantee = '${ROLES.search}'::regrole and verb <> 'SELECT'`,
  },
  {
    rule: "schema-create",
    message: "may make objects in the store's schema",
    sql: `select r.rolname as object from pg_roles r
      where r.rolname in (${OURS}) and has_schema_privilege(r.oid, 'kappa4', 'create')`,
  },
  {
    rule: "owned-by-role",
    message: "belongs to a role that programs take: an owner may drop its policies",
    sql: `select c.relname as object from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'kappa4' and pg_get_userbyid(c.relowner) in (${OURS})`,
  },
  {
    rule: "role-too-strong",
    message: "is a role of the store that can log in, or escapes row-level security",
    sql: `select r.rolname as object from pg_roles r where r.rolname in (${OURS})
      and (r.rolsuper or r.rolbypassrls or r.rolcanlogin or r.rolcreaterole)`,
  },
  {
    rule: "role-is-member",
    message: "has another role's rights, and so perhaps its rows",
    sql: `select m.member::regrole || ' of ' || m.roleid::regrole as object from pg_auth_members m
      where m.member::regrole::text in (${OURS})`,
  },
  {
    rule: "login-bypasses",
    message: "may take a role of the store and escapes row-level security by itself",
    sql: `select r.rolname as object from pg_roles r where r.rolcanlogin and r.rolbypassrls and not r.rolsuper
      and pg_has_role(r.oid, '${ROLES.app}', 'member')`,
  },
];

/** What is safe, and would be safer another way; of a server alone, for the embedded store has one login. */
export const LOGIN_RULES: readonly Rule[] = [
  {
    rule: "login-is-superuser",
    message:
      "is a superuser: a fault in a statement could leave row-level security; give programs a login of their own",
    severity: "advice",
    sql: "select rolname as object from pg_roles where rolname = session_user and rolsuper",
  },
  {
    rule: "login-owns",
    message:
      "owns the tables; put a login that does not into DATABASE_URL, and this one into DATABASE_OWNER_URL",
    severity: "advice",
    sql: `select rolname as object from pg_roles where rolname = session_user and not rolsuper
      and exists (select from pg_namespace where nspname = 'kappa4' and pg_has_role(session_user, nspowner, 'usage'))`,
  },
  {
    rule: "login-inherits",
    message: "has the rights of the store's roles without taking them; make it NOINHERIT",
    severity: "advice",
    sql: `select rolname as object from pg_roles where rolname = session_user and not rolsuper
      and pg_has_role(session_user, '${ROLES.platform}', 'usage')
      and not exists (select from pg_namespace where nspname = 'kappa4' and pg_has_role(session_user, nspowner, 'usage'))`,
  },
];
