import type { GuestId } from "@kappa4/connectors";
import { compareIds } from "./model/compare.ts";
import type { Move, MoveReasonCode } from "./plan.ts";

/** A guest may not be levelled back for so many cooldowns, and for so many plans after the one that moved it. */
const RETURN_FACTOR = 12;

/** For how long a guest is left alone after a move, in minutes, unless an option says otherwise. */
export const DEFAULT_COOLDOWN_MINUTES = 60;

/**
 * What one plan has to know of the ones before it. JSON-safe and small: only moves that still matter are in it.
 * The caller keeps it for each cluster and carries it from plan to plan.
 */
export interface RebalanceHistory {
  readonly format: "rebalance-history";
  readonly version: 1;
  /** How many plans were recorded, those without moves too. */
  readonly plans: number;
  /** The oldest first. */
  readonly moves: readonly RecentMove[];
}

/** A move that was made a while ago. */
export interface RecentMove {
  readonly guest: GuestId;
  readonly from: string;
  readonly to: string;
  /** When it was recorded, ISO 8601 UTC. */
  readonly at: string;
  /** Number of the plan that it was part of. */
  readonly plan: number;
  readonly reasons: readonly MoveReasonCode[];
}

/** What is recorded of a plan, or of those of its moves that were carried out. */
export interface RecordedMoves {
  readonly moves: readonly Pick<Move, "guest" | "from" | "to" | "reasons">[];
  /** Says how long moves matter. Default 60. */
  readonly cooldownMinutes?: number | undefined;
}

/** Begins a history in which nothing was moved: what the first of many plans is made with. */
export function createHistory(): RebalanceHistory {
  return { format: "rebalance-history", version: 1, plans: 0, moves: [] };
}

/**
 * Adds a plan that was carried out to the history, and drops what is too old to matter. To be called after
 * every plan, also after one without moves. Only moves that were really made belong in it: after an apply,
 * those that are done.
 *
 * @example
 * let history = createHistory();
 * const plan = planRebalance(snapshot, { history, now });
 * history = recordMoves(history, plan, now);
 */
export function recordMoves(
  history: RebalanceHistory,
  { moves, cooldownMinutes = DEFAULT_COOLDOWN_MINUTES }: RecordedMoves,
  now: Date,
): RebalanceHistory {
  const plans = history.plans + 1;
  const cooldownMs = 60_000 * cooldownMinutes;
  const kept = history.moves.filter((move) => isRemembered(move, now.getTime(), plans, cooldownMs));
  const at = now.toISOString();
  const added = [...mergeByGuest(moves).values()]
    .filter(({ from, to }) => from !== to)
    .sort((a, b) => compareIds(a.guest, b.guest))
    .map(({ guest, from, to, reasons }) => ({
      ...{ guest, from, to, at, plan: plans },
      reasons: [...new Set(reasons.map(({ code }) => code))],
    }));
  return { format: "rebalance-history", version: 1, plans, moves: [...kept, ...added] };
}

/** Whether a guest must not be levelled back to where this move took it from. `plans` counts the one being made. */
export function isRemembered(
  { at, plan }: Pick<RecentMove, "at" | "plan">,
  nowMs: number,
  plans: number,
  cooldownMs: number,
): boolean {
  if (cooldownMs <= 0) return false;
  return nowMs - Date.parse(at) < RETURN_FACTOR * cooldownMs || plans - plan <= RETURN_FACTOR;
}

/** A guest that waits on a third node on its way moves once, from where it was to where it ends. */
function mergeByGuest(
  moves: RecordedMoves["moves"],
): ReadonlyMap<GuestId, RecordedMoves["moves"][number]> {
  const merged = new Map<GuestId, RecordedMoves["moves"][number]>();
  for (const move of moves) {
    const earlier = merged.get(move.guest);
    const reasons = [...(earlier?.reasons ?? []), ...move.reasons];
    merged.set(move.guest, { ...move, from: earlier?.from ?? move.from, reasons });
  }
  return merged;
}
