import { sql } from "kysely";
import type { OrgScope } from "./scope.ts";

/** A request that came before, and what was answered. */
export interface StoredRequest {
  /** Of what was asked: the same key with another question is a mistake. */
  readonly hash: string;
  readonly answer: unknown;
}

/** The inbox: what keeps a request that is sent twice from being done twice. */
export interface Requests {
  /**
   * Takes a request in. Returns undefined when it is new, and what is known of it when it came before; a request that
   * comes while its twin is still in its transaction waits for that. One that was taken in and not answered counts for
   * nothing.
   */
  begin(
    key: string,
    hash: string,
    times: { readonly now: Date; readonly expiresAt: Date },
  ): Promise<StoredRequest | undefined>;
  /** Returns what was answered before, and has not expired; takes nothing in. */
  find(key: string, now: Date): Promise<StoredRequest | undefined>;
  answer(key: string, answer: unknown): Promise<void>;
  /** Forgets what has expired; returns how many. */
  sweep(now: Date): Promise<number>;
}

/** Makes the repository of a transaction. */
export function requests({ db, orgId }: OrgScope): Requests {
  return {
    async begin(key, hash, { now, expiresAt }) {
      const { numInsertedOrUpdatedRows = 0n } = await db
        .insertInto("requests")
        .values({ orgId, requestKey: key, hash, createdAt: now, expiresAt })
        .onConflict((conflict) =>
          conflict
            .columns(["orgId", "requestKey"])
            .doUpdateSet({ hash, answer: null, createdAt: now, expiresAt })
            .where(({ eb, or }) =>
              or([eb("requests.expiresAt", "<=", now), eb("requests.answer", "is", null)]),
            ),
        )
        .executeTakeFirst();
      if (numInsertedOrUpdatedRows > 0n) return undefined;
      const known = await db
        .selectFrom("requests")
        .select(["hash", "answer"])
        .where("orgId", "=", orgId)
        .where("requestKey", "=", key)
        .executeTakeFirstOrThrow();
      return known;
    },
    find(key, now) {
      return db
        .selectFrom("requests")
        .select(["hash", "answer"])
        .where("orgId", "=", orgId)
        .where("requestKey", "=", key)
        .where("expiresAt", ">", now)
        .where("answer", "is not", null)
        .executeTakeFirst();
    },
    async answer(key, answer) {
      await db
        .updateTable("requests")
        .set({ answer: JSON.stringify(answer) })
        .where("orgId", "=", orgId)
        .where("requestKey", "=", key)
        .execute();
    },
    async sweep(now) {
      const { numDeletedRows } = await db
        .deleteFrom("requests")
        .where("orgId", "=", orgId)
        .where("expiresAt", "<=", sql<Date>`${now}`)
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}
