import type { Guest, GuestId } from "@kappa4/connectors";
import { isRemembered, type RecentMove } from "../history.ts";
import type { Bar } from "../model/mobility.ts";
import type { Settings } from "../model/settings.ts";

/** What its last moves mean for a guest. */
export interface Rest {
  /** Why it is not moved again just to level, as long as that is so. */
  readonly bar: Bar | undefined;
  /** Numbers of the nodes that it left not long ago: it does not go back to level. */
  readonly returns: readonly number[];
}

/** Works out which guests are left alone for a while, by guest number. */
export function readRests(
  guests: readonly Guest[],
  nodeIndex: ReadonlyMap<string, number>,
  settings: Settings,
): ReadonlyMap<number, Rest> {
  const { history } = settings;
  if (history === undefined || settings.cooldownMs <= 0) return new Map();
  const nowMs = settings.now?.getTime() ?? latestOf(history.moves);
  const plans = history.plans + 1;
  const byGuest = new Map<GuestId, RecentMove[]>();
  for (const move of history.moves) {
    if (!isRemembered(move, nowMs, plans, settings.cooldownMs)) continue;
    byGuest.set(move.guest, [...(byGuest.get(move.guest) ?? []), move]);
  }
  const rests = new Map<number, Rest>();
  guests.forEach(({ id, node }, g) => {
    const moves = byGuest.get(id);
    if (moves === undefined) return;
    const left = new Set(moves.map(({ from }) => nodeIndex.get(from) ?? -1));
    const returns = [...left].filter((n) => n >= 0 && n !== nodeIndex.get(node));
    rests.set(g, { bar: cooldownBar(moves, node, nowMs, settings.cooldownMs), returns });
  });
  return rests;
}

/** A move that failed, or that somebody has undone since, is no reason to wait. */
function cooldownBar(
  moves: readonly RecentMove[],
  node: string,
  nowMs: number,
  cooldownMs: number,
): Bar | undefined {
  const ends = moves.filter(({ to }) => to === node).map(({ at }) => Date.parse(at) + cooldownMs);
  const end = Math.max(...ends);
  if (end <= nowMs) return undefined;
  const until = new Date(end).toISOString();
  const message = `it was moved a short while ago and is not moved to level again before ${until}`;
  return { code: "cooldown", message };
}

function latestOf(moves: readonly RecentMove[]): number {
  return Math.max(0, ...moves.map(({ at }) => Date.parse(at)));
}
