import type { EventType } from "../events/types.ts";
import type { Id } from "../ids.ts";
import type { OrgTransaction, StoredRun } from "../store/index.ts";

/** What a process tells that goes on with a run that another one left. */
const RUN_RESUMED: EventType = "run.resumed";

const MOST = 500;

/** Counts for each of some runs how often another process had to go on with it. */
export async function interruptionsOf(
  tx: OrgTransaction,
  runs: readonly Pick<StoredRun, "id" | "createdAt">[],
): Promise<ReadonlyMap<Id<"run">, number>> {
  const counts = new Map<Id<"run">, number>();
  if (runs.length === 0) return counts;
  const from = new Date(Math.min(...runs.map(({ createdAt }) => createdAt.getTime())));
  const resumed = await tx.events.list({ types: [RUN_RESUMED], from, limit: MOST });
  for (const { id } of runs) {
    const count = resumed.filter(({ subject }) => subject === id).length;
    if (count > 0) counts.set(id, count);
  }
  return counts;
}
