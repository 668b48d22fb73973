import { sql } from "kysely";
import type { OrgScope } from "./scope.ts";

/** Counts of what is limited. */
export interface Counters {
  /** Adds to a count and returns it; two at once both count. */
  add(key: string, windowStart: Date, amount: number): Promise<number>;
}

/** Makes the repository of a transaction. */
export function counters({ db, orgId }: OrgScope): Counters {
  return {
    async add(key, windowStart, amount) {
      const { count } = await db
        .insertInto("counters")
        .values({ orgId, key, windowStart, count: amount })
        .onConflict((conflict) =>
          conflict
            .columns(["orgId", "key", "windowStart"])
            .doUpdateSet({ count: sql`counters.count + ${amount}` }),
        )
        .returning("count")
        .executeTakeFirstOrThrow();
      return Number(count);
    },
  };
}
