import { type Kysely, sql } from "kysely";
import { createRoles, ROLES } from "../roles.ts";
import { PEOPLE, RECORDS, WORK } from "./0001-tables.ts";
import { createOrgTable, protection, runAll } from "./org-table.ts";

/** The tables of the core: organisations and people, plan → approve → run, events and audit. */
export async function up(db: Kysely<never>): Promise<void> {
  await createRoles(db);
  await sql`set local search_path = kappa4`.execute(db);
  await runAll(db, [
    ...Object.values(ROLES).map((role) => `grant usage on schema kappa4 to ${role}`),
    `create table orgs (id uuid primary key, name text not null, slug text not null unique,
      status text not null check (status in ('active', 'suspended', 'closing', 'deleted')),
      kind text not null check (kind in ('standard', 'guest')), created_at timestamptz not null)`,
    ...protection("orgs", "id"),
    `grant select, update (name) on orgs to ${ROLES.app}`,
    `grant select, insert, update, delete on orgs to ${ROLES.platform}`,
    // Which tells a program that may not migrate whether somebody has.
    `grant select on kysely_migration to ${ROLES.platform}`,
  ]);
  for (const table of [...PEOPLE, ...WORK, ...RECORDS]) await createOrgTable(db, table);
}

/** Takes all of it away. The roles stay: other databases of the server may use them. */
export async function down(db: Kysely<never>): Promise<void> {
  await sql`set local search_path = kappa4`.execute(db);
  const tables = [...PEOPLE, ...WORK, ...RECORDS].map(({ name }) => name).reverse();
  await runAll(db, [
    ...[...tables, "orgs"].map((name) => `drop table ${name}`),
    ...Object.values(ROLES).map((role) => `revoke all on schema kappa4 from ${role}`),
  ]);
}
