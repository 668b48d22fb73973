/** A way to break the wall between organisations. */
export interface Hole {
  readonly name: string;
  readonly make: readonly string[];
  readonly mend: readonly string[];
  /** Rule and object of what has to be found; more may be. */
  readonly found: readonly string[];
}

const NEW_TABLE =
  "create table kappa4.notes (org_id uuid not null references kappa4.orgs (id), id uuid not null, text text not null, primary key (org_id, id))";
const NEW_GRANTS = "grant select, insert, update, delete on kappa4.notes to kappa4_app";
const OWN = "(org_id = (select nullif(current_setting('kappa4.org', true), '')::uuid))";

/** Makes again what the migration made. */
const SEARCH: readonly string[] = [
  "grant create on schema kappa4 to kappa4_search",
  `create function kappa4.search_events(words text, since timestamptz, until timestamptz, before uuid, most integer)
    returns setof kappa4.events language sql stable security definer set search_path = kappa4, pg_temp as $$
    select * from events where org_id = nullif(current_setting('kappa4.org', true), '')::uuid
      and to_tsvector('simple', summary) @@ websearch_to_tsquery('simple', words) $$`,
  "revoke all on function kappa4.search_events from public",
  "grant execute on function kappa4.search_events to kappa4_app",
  "alter function kappa4.search_events owner to kappa4_search",
  "revoke create on schema kappa4 from kappa4_search",
];

/** Holes in the wall itself. */
const THROUGH: readonly Hole[] = [
  {
    name: "a new table without row-level security",
    make: [NEW_TABLE, NEW_GRANTS],
    mend: ["drop table kappa4.notes"],
    found: ["rls-missing notes", "probe-select notes", "probe-insert notes", "probe-delete notes"],
  },
  {
    name: "row-level security that the owner escapes",
    make: ["alter table kappa4.plans no force row level security"],
    mend: ["alter table kappa4.plans force row level security"],
    found: ["rls-not-forced plans"],
  },
  {
    name: "row-level security switched off",
    make: ["alter table kappa4.events disable row level security"],
    mend: ["alter table kappa4.events enable row level security"],
    found: [
      "rls-missing events",
      "probe-select events",
      "probe-update events",
      "probe-move events",
    ],
  },
  {
    name: "a policy that shows everything",
    make: ["create policy leak on kappa4.users for select to kappa4_app using (true)"],
    mend: ["drop policy leak on kappa4.users"],
    found: ["policy-open users.leak", "probe-select users"],
  },
  {
    name: "a policy for everybody",
    make: ["create policy leak on kappa4.users for select using (org_id is not null)"],
    mend: ["drop policy leak on kappa4.users"],
    found: ["policy-open users.leak", "policy-for-others users.leak", "probe-select users"],
  },
  {
    name: "a policy that takes no organisation for all of them",
    make: [
      "create policy leak on kappa4.runs for select to kappa4_app using (coalesce(current_setting('kappa4.org', true), '') = '')",
    ],
    mend: ["drop policy leak on kappa4.runs"],
    found: ["policy-open runs.leak", "probe-select runs"],
  },
  {
    name: "a policy that checks nothing that is written",
    make: ["create policy leak on kappa4.grants for insert to kappa4_app with check (true)"],
    mend: ["drop policy leak on kappa4.grants"],
    found: ["policy-unchecked grants.leak", "probe-insert grants"],
  },
  {
    name: "a verb without a policy",
    make: [
      "drop policy documents_org on kappa4.documents",
      `create policy documents_org on kappa4.documents for select to kappa4_app using ${OWN}`,
    ],
    mend: [
      "drop policy documents_org on kappa4.documents",
      `create policy documents_org on kappa4.documents to kappa4_app using ${OWN} with check ${OWN}`,
    ],
    found: ["policy-missing documents insert", "policy-missing documents delete"],
  },
  {
    name: "a view with its owner's rights",
    make: ["create view kappa4.all_plans as select * from kappa4.plans"],
    mend: ["drop view kappa4.all_plans"],
    found: ["view-not-invoker all_plans"],
  },
  {
    name: "a materialized view",
    make: ["create materialized view kappa4.kept as select org_id, email from kappa4.users"],
    mend: ["drop materialized view kappa4.kept"],
    found: ["materialized-view kept"],
  },
  {
    name: "a function with its owner's rights",
    make: [
      "create function kappa4.count_users() returns bigint language sql security definer as 'select count(*) from kappa4.users'",
    ],
    mend: ["drop function kappa4.count_users()"],
    found: ["definer-function kappa4.count_users()"],
  },
  {
    name: "a search that forgets whose rows it looks at",
    make: [
      "grant create on schema kappa4 to kappa4_search",
      "drop function kappa4.search_events",
      "create function kappa4.search_events(words text, since timestamptz, until timestamptz, before uuid, most integer) returns setof kappa4.events language sql stable security definer set search_path = kappa4, pg_temp as 'select * from events'",
      "alter function kappa4.search_events owner to kappa4_search",
      "revoke create on schema kappa4 from kappa4_search",
    ],
    mend: ["drop function kappa4.search_events", ...SEARCH],
    found: ["probe-search searches"],
  },
  {
    name: "a unique key across organisations",
    make: ["create unique index one_email on kappa4.users (email)"],
    mend: ["drop index kappa4.one_email"],
    found: ["unique-without-org kappa4.one_email", "probe-unique users"],
  },
  {
    name: "a foreign key across organisations",
    make: [
      "create unique index plan_id on kappa4.plans (id)",
      "alter table kappa4.runs add constraint any_plan foreign key (plan_id) references kappa4.plans (id)",
      "alter table kappa4.runs drop constraint runs_org_id_plan_id_fkey",
    ],
    mend: [
      "alter table kappa4.runs add constraint runs_org_id_plan_id_fkey foreign key (org_id, plan_id) references kappa4.plans (org_id, id)",
      "alter table kappa4.runs drop constraint any_plan",
      "drop index kappa4.plan_id",
    ],
    found: ["foreign-key-without-org any_plan", "probe-reference runs"],
  },
  {
    name: "the right to empty a table",
    make: ["grant truncate on kappa4.events to kappa4_app"],
    mend: ["revoke truncate on kappa4.events from kappa4_app"],
    found: ["grant-beyond-rows events truncate to kappa4_app"],
  },
  {
    name: "a right for everybody",
    make: ["grant select on kappa4.orgs to public"],
    mend: ["revoke select on kappa4.orgs from public"],
    found: ["grant-to-others orgs select to public"],
  },
  {
    name: "the right to rewrite the audit",
    make: ["grant update (body) on kappa4.audit to kappa4_app"],
    mend: ["revoke update (body) on kappa4.audit from kappa4_app"],
    found: ["grant-on-audit audit update to kappa4_app"],
  },
  {
    name: "jobs that an organisation can read",
    make: ["grant select on pgboss.job_common to kappa4_app"],
    mend: [
      "revoke select on pgboss.job_common from kappa4_app",
      "grant select (id, start_after) on pgboss.job_common to kappa4_app",
    ],
    found: ["grant-on-queue job_common select to kappa4_app"],
  },
  {
    name: "the right to make objects",
    make: ["grant create on schema kappa4 to kappa4_app"],
    mend: ["revoke create on schema kappa4 from kappa4_app"],
    found: ["schema-create kappa4_app"],
  },
  {
    name: "a table that does not say whose its rows are",
    make: ["create table kappa4.loose (id uuid primary key, text text)"],
    mend: ["drop table kappa4.loose"],
    found: ["org-column loose", "rls-missing loose", "unique-without-org kappa4.loose_pkey"],
  },
  {
    name: "a time without a zone",
    make: ["alter table kappa4.projects add seen timestamp"],
    mend: ["alter table kappa4.projects drop seen"],
    found: ["type projects.seen"],
  },
];

/** Ways around the wall: through other schemas of the same database, and through what is still to be made. */
const AROUND: readonly Hole[] = [
  {
    name: "a view in another schema",
    make: [
      "create view public.all_plans as select * from kappa4.plans",
      "grant select on public.all_plans to kappa4_app",
    ],
    mend: ["drop view public.all_plans"],
    found: ["view-elsewhere all_plans", "grant-elsewhere all_plans select to kappa4_app"],
  },
  {
    name: "a view of a view, materialized",
    make: [
      "create view public.some with (security_invoker = true) as select * from kappa4.users",
      "create materialized view public.kept as select email from public.some join kappa4.orgs on true",
    ],
    mend: ["drop materialized view public.kept", "drop view public.some"],
    found: ["view-elsewhere kept"],
  },
  {
    name: "a function with its owner's rights in another schema",
    make: [
      "create function public.count_users() returns bigint language sql security definer as 'select count(*) from kappa4.users'",
    ],
    mend: ["drop function public.count_users()"],
    found: ["definer-elsewhere count_users()"],
  },
  {
    name: "a copy of rows in another schema",
    make: [
      "create table public.copied as select * from kappa4.users",
      "grant select on public.copied to kappa4_app",
    ],
    mend: ["drop table public.copied"],
    found: ["grant-elsewhere copied select to kappa4_app"],
  },
  {
    name: "rights on tables to come",
    make: ["alter default privileges in schema kappa4 grant select on tables to public"],
    mend: ["alter default privileges in schema kappa4 revoke select on tables from public"],
    found: ["grant-to-come select to public"],
  },
  {
    name: "a table that inherits from one with a wall",
    make: [
      "create table kappa4.plans_old () inherits (kappa4.plans)",
      "grant select on kappa4.plans_old to kappa4_app",
    ],
    mend: ["drop table kappa4.plans_old"],
    found: ["rls-missing plans_old"],
  },
  {
    name: "a rule that does more than it is asked",
    make: [
      "create rule more as on insert to kappa4.projects do also update kappa4.users set name = name",
    ],
    mend: ["drop rule more on kappa4.projects"],
    found: ["probe-upsert projects"],
  },
  {
    name: "a policy that lets everything be removed",
    make: ["create policy leak on kappa4.users for delete to kappa4_app using (true)"],
    mend: ["drop policy leak on kappa4.users"],
    found: ["policy-open users.leak"],
  },
];

/** Holes in one database. */
export const HOLES: readonly Hole[] = [...THROUGH, ...AROUND];

/** Holes in a role, which is the whole server's. */
export const ROLE_HOLES: readonly Hole[] = [
  {
    name: "a role that escapes row-level security",
    make: ["alter role kappa4_app bypassrls"],
    mend: ["alter role kappa4_app nobypassrls"],
    found: ["role-too-strong kappa4_app", "probe-select plans", "probe-insert plans"],
  },
  {
    name: "a role that can log in",
    make: ["alter role kappa4_platform login"],
    mend: ["alter role kappa4_platform nologin"],
    found: ["role-too-strong kappa4_platform"],
  },
  {
    name: "a role with another one's rights",
    make: ["grant kappa4_platform to kappa4_app with inherit true"],
    mend: ["revoke kappa4_platform from kappa4_app"],
    found: ["role-is-member kappa4_app of kappa4_platform", "probe-select plans"],
  },
  {
    name: "a table that belongs to a role of programs",
    make: ["alter table kappa4.plans owner to kappa4_app"],
    mend: [
      "alter table kappa4.plans owner to postgres",
      "grant select, insert, update, delete on kappa4.plans to kappa4_app",
    ],
    found: ["owned-by-role plans", "probe-policy plans"],
  },
  {
    name: "a login that escapes row-level security",
    make: ["create role stray login bypassrls", "grant kappa4_app to stray"],
    mend: ["drop role stray"],
    found: ["login-bypasses stray"],
  },
];
