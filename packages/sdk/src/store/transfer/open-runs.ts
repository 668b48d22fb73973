import { Kappa4Error } from "@kappa4/connectors";
import { type Kysely, sql } from "kysely";
import { RESTORED_BY } from "../restored-by.ts";

const SHOWN = 5;

/** Throws `failed_precondition` where runs are not over: the old and the new store would both carry them out. */
export async function mustHaveNoOpenRuns(db: Kysely<never>): Promise<void> {
  const { rows } = await sql<{ shortId: string; all: number }>`
    select short_id as "shortId", count(*) over ()::int as "all" from kappa4.runs
    where state in ('queued', 'running') order by id limit ${SHOWN}`.execute(db);
  const [first] = rows;
  if (first === undefined) return;
  const more = first.all > rows.length ? ` and ${first.all - rows.length} more` : "";
  const names = rows.map(({ shortId }) => shortId).join(", ");
  throw new Kappa4Error(
    "failed_precondition",
    `Not over yet: ${names}${more}. Both stores would carry that out, and nothing was moved. Cancel what is not to be done any more (runs.cancel), and let kappa4 start run until they are over; then stop it, and move the store.`,
  );
}

/**
 * Asks all runs that are not over to stop: what a backup has as open may have been carried out since. What was under way
 * is followed by whoever opens the store, and nothing more is begun.
 */
export async function stopOpenRuns(db: Kysely<never>): Promise<void> {
  await sql`update kappa4.runs set cancel_asked_at = now(), cancel_asked_by = ${RESTORED_BY}
    where state in ('queued', 'running') and cancel_asked_at is null`.execute(db);
}
