import type { ClusterSnapshot } from "@kappa4/connectors";
import type { RebalanceOptions, RebalancePlan } from "../balancing/index.ts";
import type { Engine } from "../engine-thread.ts";
import type { MoveAccount } from "./account.ts";
import type { MoveRecord } from "./apply.ts";
import { checkMove } from "./drift.ts";
import type { MoveError } from "./events.ts";
import { judgePlan } from "./judge-plan.ts";

/**
 * Judges the plan as a whole, then every guest's first move: a stale plan is refused before anything is touched.
 * What is done already, all of it, is written down as that.
 */
export async function staleness(
  plan: RebalancePlan,
  snapshot: ClusterSnapshot,
  rules: RebalanceOptions,
  account: MoveAccount,
  record: MoveRecord,
  engine: Engine,
): Promise<MoveError | undefined> {
  // Half done, a plan does not fit the cluster as a whole any more; what is left of it is judged move by move.
  const judged = hasBegun(record) ? undefined : await judgePlan(plan, snapshot, rules, engine);
  if (judged !== undefined) return { ...judged, outcome: "not_applied" };
  const seen = new Set();
  let first: MoveError | undefined;
  let open = 0;
  for (const [index, { move }] of account.statuses.entries()) {
    if (record.done.has(index) || seen.has(move.guest)) continue;
    seen.add(move.guest);
    if (record.open.has(index) || record.failed.has(index)) continue;
    // Room is checked when the move's turn comes: earlier moves may make it.
    const memoryLimit = Number.POSITIVE_INFINITY;
    const check = checkMove(move, snapshot, {
      ...{ memoryLimit, incomingBytes: 0, isSettling: false },
      maintenanceNodes: rules.maintenanceNodes ?? [],
    });
    if (check !== "already_there") open += 1;
    if (typeof check === "string") continue;
    account.skip(index, check);
    first ??= { ...check, outcome: "not_applied" };
  }
  if (first !== undefined) {
    const message = "another move of the plan does not fit any more; plan again";
    account.skipWaiting({ code: first.code, message });
  }
  if (open === 0 && seen.size === account.statuses.length) account.foundDone();
  return first;
}

/** Tells whether an earlier attempt has touched anything. */
export function hasBegun({ done, failed, open }: MoveRecord): boolean {
  return done.size + failed.size + open.size > 0;
}
