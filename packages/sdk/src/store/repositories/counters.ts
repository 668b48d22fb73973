import { sql } from "kysely";
import type { OrgScope } from "./scope.ts";

/** A count that is over. */
export interface Counted {
  readonly key: string;
  readonly windowStart: Date;
  readonly count: number;
}

const MOST_TAKEN = 1_000;

/** Counts of what is limited. */
export interface Counters {
  /** Adds to a count and returns it; two at once both count. */
  add(key: string, windowStart: Date, amount: number): Promise<number>;
  /** Takes out those whose key ends so and whose window began by then, 1,000 at the most: each is got once. */
  take(keyEnd: string, until: Date): Promise<readonly Counted[]>;
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
    async take(keyEnd, until) {
      const some = db
        .selectFrom("counters")
        .select(["key", "windowStart"])
        .where("orgId", "=", orgId)
        .where(sql<boolean>`right(key, ${keyEnd.length}) = ${keyEnd}`)
        .where("windowStart", "<=", until)
        .limit(MOST_TAKEN)
        .forUpdate()
        .skipLocked();
      const rows = await db
        .deleteFrom("counters")
        .where("orgId", "=", orgId)
        .where((of) =>
          of(of.refTuple("key", "windowStart"), "in", some.$asTuple("key", "windowStart")),
        )
        .returning(["key", "windowStart", "count"])
        .execute();
      return rows.map(({ key, windowStart, count }) => ({
        key,
        windowStart,
        count: Number(count),
      }));
    },
  };
}
