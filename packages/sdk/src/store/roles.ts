import { type Kysely, sql } from "kysely";

/**
 * The roles of the store. None can log in, none owns anything, none escapes row-level security: what each sees is
 * what the policies and grants of the migrations name.
 */
export const ROLES = {
  /** One organisation at a time. */
  app: "kappa4_app",
  /** The platform itself: organisations, sealing of the audit, due work, backups. */
  platform: "kappa4_platform",
  /** Owns the search functions: reads, and adds the organisation itself. */
  search: "kappa4_search",
  /** The queue of runs. */
  queue: "kappa4_queue",
} as const;

/** Makes the roles where they are missing, and lets this login take those that a program needs. */
export async function createRoles(db: Kysely<never>): Promise<void> {
  for (const role of Object.values(ROLES)) {
    // Roles belong to the whole server: another database of it may have made them in this very moment.
    await sql
      .raw(`do $$ begin
        if not exists (select from pg_roles where rolname = '${role}') then
          create role ${role} nologin noinherit;
        end if;
      exception when duplicate_object or unique_violation then null;
      end $$`)
      .execute(db);
    await sql
      .raw(`do $$ begin
        if not pg_has_role('${role}', 'member') then execute 'grant ${role} to ' || quote_ident(current_user); end if;
      end $$`)
      .execute(db);
  }
}

/** Lets a login of a program take the roles that it needs, and nothing else. */
export async function admitLogin(db: Kysely<never>, login: string): Promise<void> {
  for (const role of [ROLES.app, ROLES.platform, ROLES.queue]) {
    await sql`grant ${sql.id(role)} to ${sql.id(login)}`.execute(db);
  }
}
