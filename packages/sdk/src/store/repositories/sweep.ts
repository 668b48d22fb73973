import type { StoreTransaction } from "../transaction.ts";

/** Takes what has had its time out of every organisation: answers to requests, counts of limits. Returns how many rows. */
export async function sweep(
  db: StoreTransaction,
  { requests, counters }: { readonly requests: Date; readonly counters: Date },
): Promise<number> {
  const answers = await db
    .deleteFrom("requests")
    .where("expiresAt", "<=", requests)
    .executeTakeFirst();
  const counts = await db
    .deleteFrom("counters")
    .where("windowStart", "<=", counters)
    .executeTakeFirst();
  return Number(answers.numDeletedRows + counts.numDeletedRows);
}
