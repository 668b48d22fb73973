import { type RawBuilder, sql } from "kysely";

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
