import { construct } from "./construct.ts";
import { LEAST_PART } from "./level.ts";
import { Placement } from "./placement.ts";
import type { Problem } from "./problem.ts";
import { setWindows, windowNeeds } from "./windows.ts";

/** How far other windows are from the best one known, as parts of their width; each width is tried on both sides. */
const STRIDES = [0.32, 0.16, 0.08, 0.04];
/** Load above a limit counts this many times more than load outside of the window, and a broken rule as so many moves. */
const OVER_FACTOR = 8;
const BROKEN_MOVES = 5;
/** What another window can save at most, as a part of what levelling costs and of the stride. */
const HOPE = 0.5;

/**
 * Makes the first placement for several windows and returns the cheapest: the window that takes the least load
 * to reach need not be the one that takes the least time.
 */
export function start(problem: Problem): Placement {
  const needs = windowNeeds(problem);
  let edges: readonly number[] = needs.map(({ edge }) => edge);
  let { placement: best, merit, levelling } = startAt(problem, edges);
  if (merit === 0) return best;
  for (const stride of STRIDES) {
    for (const [d, need] of needs.entries()) {
      const width = problem.width[d] ?? -1;
      if (width < 0) continue;
      const middle = edges[d] ?? 0;
      for (const edge of [middle - stride * width, middle + stride * width]) {
        const more = (problem.price[d] ?? 0) * (need.at(edge) - need.at(middle));
        if (LEAST_PART * more >= HOPE * stride * levelling) continue;
        const tried = edges.with(d, edge);
        const found = startAt(problem, tried, merit);
        if (found.merit >= merit) continue;
        ({ placement: best, merit, levelling } = found);
        edges = tried;
      }
    }
  }
  return best;
}

function startAt(problem: Problem, edges: readonly number[], atMost?: number) {
  const placement = new Placement(problem);
  setWindows(placement, edges);
  const repairs = construct(placement, atMost);
  const { broken, cost, loads } = placement;
  // Seconds of the moves that only level, and what load counts as that is still where it should not be.
  const levelling = cost - repairs + loads.gapSeconds() + OVER_FACTOR * loads.overSeconds();
  const merit = repairs + levelling + BROKEN_MOVES * broken * problem.usualSeconds;
  return { placement, levelling, merit };
}
