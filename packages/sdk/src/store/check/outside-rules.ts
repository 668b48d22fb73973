import { ROLES } from "../roles.ts";
import type { Rule } from "./finding.ts";

const OURS = Object.values(ROLES)
  .map((role) => `'${role}'`)
  .join(", ");

const OUTSIDE = "not in ('kappa4', 'pgboss', 'pg_catalog', 'information_schema', 'pg_toast')";

/** What must be true of the other schemas of the database, and of what is still to be made: a wall can be gone around. */
export const OUTSIDE_RULES: readonly Rule[] = [
  {
    rule: "view-elsewhere",
    message: "shows the store's rows from another schema with its owner's rights",
    sql: `select distinct v.oid::regclass::text as object from pg_depend d
      join pg_rewrite r on r.oid = d.objid join pg_class v on v.oid = r.ev_class
      join pg_namespace n on n.oid = v.relnamespace join pg_class t on t.oid = d.refobjid
      where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass
        and t.relnamespace in (select oid from pg_namespace where nspname in ('kappa4', 'pgboss'))
        and n.nspname ${OUTSIDE} and v.relkind in ('v', 'm')
        and not (v.relkind = 'v' and coalesce(v.reloptions @> array['security_invoker=true'], false))`,
  },
  {
    rule: "definer-elsewhere",
    message:
      "acts in another schema with the rights of an owner who reaches the store's rows, for whoever calls it",
    sql: `select p.oid::regprocedure::text as object from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname ${OUTSIDE} and p.prosecdef and has_schema_privilege(p.proowner, 'kappa4', 'usage')
        and has_function_privilege('${ROLES.app}', p.oid, 'execute')
        and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')`,
  },
  {
    rule: "grant-elsewhere",
    message: "is a right outside the store, where no row says whose it is",
    sql: `select c.oid::regclass || ' ' || lower(g.privilege_type) || ' to ' || g.grantee::regrole as object
      from pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) g
      where n.nspname ${OUTSIDE} and g.grantee <> 0 and g.grantee::regrole::text in (${OURS})`,
  },
  {
    rule: "grant-to-come",
    message: "would come with every table that is made from now on",
    sql: `select lower(g.privilege_type) || ' to ' || coalesce(nullif(g.grantee, 0)::regrole::text, 'public') as object
      from pg_default_acl d left join pg_namespace n on n.oid = d.defaclnamespace, aclexplode(d.defaclacl) g
      where d.defaclobjtype = 'r' and coalesce(n.nspname, 'kappa4') in ('kappa4', 'pgboss')
        and g.grantee <> d.defaclrole and (g.grantee = 0 or g.grantee::regrole::text in (${OURS}))`,
  },
];
