import { type Kysely, sql } from "kysely";
import { runAll } from "./org-table.ts";

/** What an organisation may have at most, by key; the platform writes it, the organisation reads it. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`set local search_path = kappa4`.execute(db);
  await runAll(db, [`alter table orgs add column quotas jsonb not null default '{}'::jsonb`]);
}

/** Takes the limits away. */
export async function down(db: Kysely<never>): Promise<void> {
  await sql`set local search_path = kappa4`.execute(db);
  await runAll(db, ["alter table orgs drop column quotas"]);
}
