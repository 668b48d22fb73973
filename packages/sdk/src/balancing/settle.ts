import { level, splitCrowds } from "./construct.ts";
import { type Schedule, schedule } from "./order.ts";
import { Placement } from "./placement.ts";
import { type Problem, withoutTarget } from "./problem.ts";
import { search } from "./search.ts";
import type { Transfer } from "./traffic.ts";
import { fitWindows } from "./windows.ts";

/** How often the search starts again without a place to which there is no safe way. */
const SEARCHES = 6;
/** How often units without a safe way are left at home before the rest is given up. */
const ATTEMPTS = 12;

/** A placement with a safe way to it. */
export interface Settlement {
  readonly placement: Placement;
  readonly waves: Schedule["waves"];
  /** Units that should have moved and found no safe way. */
  readonly stranded: ReadonlySet<number>;
  /** By guest: its node in the end. */
  readonly at: Int32Array;
}

/**
 * Searches for a placement and for a safe order of the transfers that lead to it, those of stopped guests
 * among them. Where there is no such order, one of the units that are in each other's way is kept from its
 * target and the search starts again.
 */
export function settle(problem: Problem, offline: readonly Transfer[]): Settlement {
  let asked = problem;
  let best: Settlement | undefined;
  const stranded = new Set<number>();
  for (let attempt = 0; attempt < SEARCHES; attempt++) {
    const placement = search(asked);
    const { waves, dropped } = schedule(placement, [...transfersOf(placement), ...offline]);
    const culprit = cheapestOf(placement, dropped);
    const target = placement.at[culprit] ?? -1;
    const mobile = asked.mobile.slice();
    const found =
      dropped.length === 0
        ? settled(placement, waves, new Set())
        : leaveAtHome(placement, dropped, offline);
    for (const u of found.stranded) stranded.add(u);
    if (best === undefined || isLess(found.placement, best.placement)) best = found;
    if (reachesGoals(best.placement) || culprit < 0 || target < 0) break;
    asked = { ...withoutTarget(asked, culprit, target), mobile };
  }
  if (best === undefined) return settled(new Placement(problem), [], stranded);
  return reachesGoals(best.placement) ? best : { ...best, stranded };
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

/** The stranded unit that is cheapest to place elsewhere. */
function cheapestOf({ problem }: Placement, dropped: readonly Transfer[]): number {
  const stranded = dropped.map(({ guest }) => problem.units.of[guest] ?? -1).filter((u) => u >= 0);
  const seconds = (u: number): number => problem.seconds[u] ?? 0;
  return stranded.reduce((best, u) => (best < 0 || seconds(u) < seconds(best) ? u : best), -1);
}

function isLess(a: Placement, b: Placement): boolean {
  if (a.broken !== b.broken) return a.broken < b.broken;
  const [gapA, gapB] = [a.loads.gapSeconds(), b.loads.gapSeconds()];
  return Math.abs(gapA - gapB) > 1e-3 ? gapA < gapB : a.cost < b.cost - 1e-3;
}

function reachesGoals({ broken, loads }: Placement): boolean {
  return broken === 0 && loads.gapSeconds() === 0;
}

function settled(
  placement: Placement,
  waves: Schedule["waves"],
  stranded: ReadonlySet<number>,
): Settlement {
  const at = placement.problem.model.home.slice();
  for (const { guest, to } of waves.flat()) at[guest] = to;
  return { placement, waves, stranded, at };
}

/** The transfers that lead from the snapshot to a placement. */
export function transfersOf(placement: Placement): readonly Transfer[] {
  const { model, units } = placement.problem;
  return units.all.flatMap(({ members }, u) => {
    const to = placement.at[u] ?? -1;
    if (to < 0) return [];
    return members
      .filter((g) => model.home[g] !== to && model.fixed[g] === undefined)
      .map((guest) => ({ guest, from: model.home[guest] ?? -1, to }));
  });
}
