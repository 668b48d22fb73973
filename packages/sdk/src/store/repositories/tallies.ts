import { sql } from "kysely";
import type { OrgScope } from "./scope.ts";

/** How much of what is limited an organisation has, counted where it stands. */
export interface Tallies {
  /** Waits until no other transaction counts the same thing of the organisation; none does before this one ends. */
  hold(what: string): Promise<void>;
  activeUsers(): Promise<number>;
  projects(): Promise<number>;
  roles(): Promise<number>;
  /** Plans that can still be applied. */
  openPlans(now: Date): Promise<number>;
}

/** Makes the repository of a transaction. */
export function tallies({ db, orgId }: OrgScope): Tallies {
  const counting = (table: "users" | "projects" | "roles" | "plans") =>
    db
      .selectFrom(table)
      .select(({ fn }) => fn.countAll().as("count"))
      .where("orgId", "=", orgId);
  return {
    async hold(what) {
      const name = `kappa4:${orgId}:${what}`;
      await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(db);
    },
    activeUsers: async () =>
      numberOf(await counting("users").where("status", "=", "active").executeTakeFirstOrThrow()),
    projects: async () => numberOf(await counting("projects").executeTakeFirstOrThrow()),
    roles: async () => numberOf(await counting("roles").executeTakeFirstOrThrow()),
    openPlans: async (now) =>
      numberOf(
        await counting("plans")
          .where("state", "=", "draft")
          .where("expiresAt", ">", now)
          .executeTakeFirstOrThrow(),
      ),
  };
}

function numberOf({ count }: { readonly count: unknown }): number {
  return Number(count);
}
