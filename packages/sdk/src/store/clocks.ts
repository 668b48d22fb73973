import { Kappa4Error } from "@kappa4/connectors";
import { sql } from "kysely";
import type { Database } from "./engine.ts";

/** Deadlines are minutes and hours; what clocks are kept level by keeps them within a second. */
const MOST_MS = 60_000;

/**
 * Refuses to work beside a server whose clock is another: one process that is hours ahead would end what others still
 * wait for. Throws `failed_precondition`.
 */
export async function refuseOtherTime({ db }: Pick<Database, "db">): Promise<void> {
  const asked = Date.now();
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(db);
  const [row] = rows;
  if (row !== undefined) refuseSkew(new Date(row.now).getTime(), { asked, answered: Date.now() });
}

/** Throws `failed_precondition` where a clock, read between two instants of this machine's, is a minute off both. */
export function refuseSkew(
  theirs: number,
  { asked, answered }: { readonly asked: number; readonly answered: number },
): void {
  const behind = asked - theirs;
  const ahead = theirs - answered;
  if (behind <= MOST_MS && ahead <= MOST_MS) return;
  const [by, way] = behind > 0 ? [behind, "ahead of"] : [ahead, "behind"];
  throw new Kappa4Error(
    "failed_precondition",
    `This machine's clock is ${Math.round(by / 60_000)} min ${way} that of the store's database; set whichever is wrong, then start again.`,
  );
}
