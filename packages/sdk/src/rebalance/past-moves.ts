import type { ReadContext } from "../actions/context.ts";
import { createHistory, type RebalanceHistory, recordMoves } from "../balancing/index.ts";
import { type LevellingOptions, levellingOf } from "../settings/levelling.ts";
import type { StoredRun } from "../store/index.ts";
import type { ApplyResult } from "./events.ts";

/** So many runs back, a move matters no more. */
const RUNS = 50;

/**
 * Returns what Kappa4 has moved in a cluster, so that a plan leaves those guests where they have just gone; undefined
 * when it has not moved anything yet.
 */
export async function pastMoves(
  context: ReadContext,
  named: string | undefined,
  more: LevellingOptions = {},
): Promise<RebalanceHistory | undefined> {
  const { systems, caller, inOrg, inOrgIfThere } = context;
  const connection = systems.nameOf(named);
  const { opensStore = caller.actor.kind !== "local" } = more;
  const runs = await (opensStore ? inOrg : inOrgIfThere)((tx) =>
    tx.runs.list({ connections: [connection], action: "rebalance.apply", limit: RUNS }),
  );
  if (runs === undefined) return undefined;
  const ended = runs.filter(({ result }) => result !== null).reverse();
  if (ended.length === 0) return undefined;
  const { cooldownMinutes } = await levellingOf(context, connection, more);
  return ended.reduce((history, run) => added(history, run, cooldownMinutes), createHistory());
}

function added(
  history: RebalanceHistory,
  { result, endedAt, createdAt }: StoredRun,
  cooldownMinutes: number | undefined,
): RebalanceHistory {
  const { moves } = result as Pick<ApplyResult, "moves">;
  const made = moves.filter(({ state }) => state === "done" || state === "unknown");
  const plan = { moves: made.map(({ move }) => move), cooldownMinutes };
  return recordMoves(history, plan, endedAt ?? createdAt);
}
