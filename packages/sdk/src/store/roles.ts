import { type Kysely, sql } from "kysely";

/**
 * The roles of the store. None can log in, none owns a table, none escapes row-level security: what each sees is
 * what the policies and grants of the migrations name.
 */
export const ROLES = {
  /** One organisation at a time. */
  app: "kappa4_app",
  /** The platform itself: organisations, sealing of the audit, due work, backups. */
  platform: "kappa4_platform",
  /** Owns the search functions: reads, and adds the organisation itself. */
  search: "kappa4_search",
} as const;

/** Makes the roles where they are missing, and lets the login that makes them take them. */
export async function createRoles(db: Kysely<never>): Promise<void> {
  for (const role of Object.values(ROLES)) {
    // Roles belong to the whole server: another database of it may be making them in this very moment.
    await run(
      db,
      `if not exists (select from pg_roles where rolname = '${role}') then
        create role ${role} nologin noinherit;
      end if;
      exception when duplicate_object or unique_violation then null;`,
    );
    // Whoever has the role already may lack the right to give it.
    await run(
      db,
      `grant ${role} to current_user;
      exception when insufficient_privilege then
        if not pg_has_role(current_user, '${role}', 'member') then raise; end if;`,
    );
  }
}

/**
 * Lets a program's login take the roles that it needs, without having their rights on the way: outside a transaction
 * of the store it sees nothing.
 */
export async function admitLogin(db: Kysely<never>, login: string): Promise<void> {
  const who = `"${login.replaceAll('"', '""')}"`;
  for (const role of [ROLES.app, ROLES.platform]) {
    // Roles are the whole server's: once is enough, and programs of another database may be at it too.
    if (await isMember(db, login, role)) continue;
    await run(
      db,
      `if current_setting('server_version_num')::int >= 160000 then
        execute 'grant ${role} to ${who.replaceAll("'", "''")} with inherit false, set true';
      else
        grant ${role} to ${who};
      end if;`,
    );
  }
}

async function isMember(db: Kysely<never>, login: string, role: string): Promise<boolean> {
  const { rows } = await sql<{ has: boolean }>`
    select pg_has_role(${login}::name, ${role}::name, 'member') as has`.execute(db);
  return rows[0]?.has ?? false;
}

function run(db: Kysely<never>, block: string): Promise<unknown> {
  return sql.raw(`do $kappa4$ begin ${block} end $kappa4$`).execute(db);
}
