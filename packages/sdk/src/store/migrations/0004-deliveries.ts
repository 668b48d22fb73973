import { type Kysely, sql } from "kysely";
import { createOrgTable, type OrgTable, runAll } from "./org-table.ts";

/** How telling people of an event goes, for each place where they are told. */
const DELIVERIES: OrgTable = {
  name: "deliveries",
  body: `event_id uuid not null, place text not null,
    state text not null check (state in ('telling', 'waiting', 'told', 'failed')),
    attempt integer not null check (attempt > 0), until timestamptz not null,
    is_doubtful boolean not null, readers jsonb not null, error text, at timestamptz not null,
    primary key (org_id, event_id, place),
    foreign key (org_id, event_id) references events (org_id, id) on delete cascade`,
  indexes: ["index on (org_id, state, at desc)"],
};

/** Keeps who tells an event, until when, and what came of it. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`set local search_path = kappa4`.execute(db);
  await createOrgTable(db, DELIVERIES);
}

/** Forgets what was told: events of the last days are told again. */
export async function down(db: Kysely<never>): Promise<void> {
  await sql`set local search_path = kappa4`.execute(db);
  await runAll(db, ["drop table deliveries"]);
}
