import { type RawBuilder, sql } from "kysely";
import type { StoreTransaction } from "../transaction.ts";

/**
 * Every transaction of this database with a lower number is over, and what it wrote is seen by the statement that asks:
 * below it nothing can appear any more. Whatever writes in this database holds it back while it lasts, of whatever
 * version and from its first change on, whether or not it has come to these rows by then. What is of another database
 * of the server does not, however long it lasts.
 *
 * The snapshot knows what is under way on the whole server, and not where. So a number counts as another database's only
 * as long as its owner is seen to hold it there, which is looked up after the snapshot was taken: one that is over by
 * then may have been ours, and holds for this one statement. Numbers and databases of others are for everybody to see.
 * The snapshot leaves out the number of whoever asks.
 */
export const HORIZON: RawBuilder<string> = sql`(
  select least(
    coalesce(min(number), pg_snapshot_xmax(pg_current_snapshot())), pg_current_xact_id_if_assigned())
  from pg_snapshot_xip(pg_current_snapshot()) as number
  where number::xid not in (
    select transactionid from pg_locks join pg_stat_activity using (pid)
    where locktype = 'transactionid' and mode = 'ExclusiveLock' and datname <> current_database()
    union all
    select transaction from pg_prepared_xacts where database <> current_database()))`;

/** What is under way in this database since before a transaction: whom an administrator of the server has to look at. */
export async function holdersBefore(db: StoreTransaction, xid: string): Promise<readonly string[]> {
  const { rows } = await sql<{ holder: string }>`
    with older as (
      select number::xid as transactionid
      from pg_snapshot_xip(pg_current_snapshot()) as number where number < ${xid}::xid8)
    select format('process %s (login %s, program %s)', pid, usename, application_name) as holder
    from older join pg_locks using (transactionid) join pg_stat_activity using (pid)
    where locktype = 'transactionid' and mode = 'ExclusiveLock' and datname = current_database()
    union all
    select format('prepared transaction %s', gid)
    from older join pg_prepared_xacts on transaction = transactionid
    where database = current_database()`.execute(db);
  return rows.map(({ holder }) => holder);
}
