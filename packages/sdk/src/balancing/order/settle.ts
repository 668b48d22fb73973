import { splitCrowds } from "../search/construct.ts";
import { level } from "../search/level.ts";
import { Placement } from "../search/placement.ts";
import { type Problem, withoutTarget } from "../search/problem.ts";
import { search } from "../search/search.ts";
import { sendHome } from "../search/send-home.ts";
import { fitWindows } from "../search/windows.ts";
import { schedule } from "./order.ts";
import { settleExactly } from "./settle-exactly.ts";
import { reachesGoals, type Settlement, settled, totalSeconds, transfersOf } from "./settlement.ts";
import type { Transfer } from "./traffic.ts";

/** How often the search starts again without a place to which there is no safe way, and how many places are tried. */
const SEARCHES = 10;
const BRANCHES = 3;
/** How often units without a safe way are left at home before the rest is given up. */
const ATTEMPTS = 12;

/**
 * Searches for a placement and for a safe order of the transfers that lead to it, those of stopped guests
 * among them. Where there is no such order, one of the units that are in each other's way is kept from its
 * target and the search starts again.
 */
export function settle(problem: Problem, offline: readonly Transfer[]): Settlement {
  const found = settleBySearch(problem, offline);
  const least = reachesGoals(found.placement) ? totalSeconds(found) : Number.POSITIVE_INFINITY;
  return settleExactly(problem, offline, least) ?? found;
}

function settleBySearch(problem: Problem, offline: readonly Transfer[]): Settlement {
  const queue: Problem[] = [problem];
  const stranded = new Set<number>();
  let best = settled(new Placement(problem), [], stranded);
  for (let searches = 0; searches < SEARCHES; searches++) {
    const asked = queue.shift();
    if (asked === undefined) break;
    const placement = find(asked);
    const { found, dropped } = arrange(placement, offline);
    for (const { u, node } of dropped) queue.push(withoutTarget(asked, u, node));
    for (const u of found.stranded) stranded.add(u);
    if (searches === 0 || isLess(found.placement, best.placement)) best = found;
    if (reachesGoals(best.placement)) return best;
  }
  return { ...best, stranded };
}

function find(problem: Problem): Placement {
  const placement = search({ ...problem, mobile: problem.mobile.slice() });
  sendHome(placement);
  return placement;
}

/**
 * Puts the transfers to a placement into a safe order. Units without a safe way stay at home; the placement is
 * changed then, and `dropped` says where they were to go, the cheapest to place elsewhere first.
 */
export function arrange(
  placement: Placement,
  offline: readonly Transfer[],
): {
  readonly found: Settlement;
  readonly dropped: readonly { readonly u: number; readonly node: number }[];
} {
  const { waves, dropped } = schedule(placement, [...transfersOf(placement), ...offline]);
  if (dropped.length === 0) return { found: settled(placement, waves, new Set()), dropped: [] };
  const inTheWay = obstructions(placement, dropped);
  return { found: leaveAtHome(placement, dropped, offline), dropped: inTheWay };
}

/** Units without a safe way stay at home, whole; the rest is levelled again without them. */
function leaveAtHome(
  placement: Placement,
  dropped: readonly Transfer[],
  offline: readonly Transfer[],
): Settlement {
  const { units, mobile } = placement.problem;
  const stranded = new Set<number>();
  let left = dropped;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    for (const { guest } of left) {
      const u = units.of[guest] ?? -1;
      if (u < 0) continue;
      stranded.add(u);
      mobile[u] = 0;
      placement.move(u, units.all[u]?.home ?? -1);
    }
    splitCrowds(placement);
    level(placement);
    fitWindows(placement);
    const { waves, dropped: still } = schedule(placement, [...transfersOf(placement), ...offline]);
    if (still.every(({ guest }) => (units.of[guest] ?? -1) < 0)) {
      return settled(placement, waves, stranded);
    }
    left = still;
  }
  units.all.forEach(({ home }, u) => {
    placement.move(u, home);
  });
  return settled(placement, schedule(placement, offline).waves, stranded);
}

/** Units in each other's way and where they were to go, the cheapest to place elsewhere first. */
function obstructions({ at, problem }: Placement, dropped: readonly Transfer[]) {
  const stranded = new Set(dropped.map(({ guest }) => problem.units.of[guest] ?? -1));
  const seconds = (u: number): number => problem.seconds[u] ?? 0;
  return [...stranded]
    .filter((u) => u >= 0)
    .sort((a, b) => seconds(a) - seconds(b) || a - b)
    .slice(0, BRANCHES)
    .map((u) => ({ u, node: at[u] ?? -1 }))
    .filter(({ node }) => node >= 0);
}

function isLess(a: Placement, b: Placement): boolean {
  if (a.broken !== b.broken) return a.broken < b.broken;
  const [gapA, gapB] = [a.loads.gapSeconds(), b.loads.gapSeconds()];
  return Math.abs(gapA - gapB) > 1e-3 ? gapA < gapB : a.cost < b.cost - 1e-3;
}
