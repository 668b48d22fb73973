import type { OrgScope } from "./scope.ts";

/** How much of what is limited an organisation has, counted where it stands. */
export interface Tallies {
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
