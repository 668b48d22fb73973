import { level } from "./level.ts";
import type { Placement } from "./placement.ts";

const NEVER = Number.POSITIVE_INFINITY;

/**
 * Makes a first placement: units that must move go where they fit best, then load is moved from nodes above
 * their window to nodes below it, always by the move that gains most per second of migration. It stops when the
 * moves take more than `atMost` seconds: then it is of no use. Returns the seconds of what had to move anyway.
 */
export function construct(placement: Placement, atMost: number = NEVER): number {
  placeHomeless(placement);
  splitCrowds(placement);
  const repairs = placement.cost;
  level(placement, "second", atMost);
  return repairs;
}

/** Finds a node for every unit that must not stay where it is, the largest first. */
function placeHomeless(placement: Placement): void {
  const { weight, dims, seconds } = placement.problem;
  const size = (u: number): number => weight[u * dims.length] ?? 0;
  const homeless = placement.homeless.members();
  homeless.sort((a, b) => size(b) - size(a) || (seconds[b] ?? 0) - (seconds[a] ?? 0) || a - b);
  for (const u of homeless) moveToBest(placement, u, (to) => allowedDelta(placement, u, to));
}

/** Puts units that found no node where they do the least harm, and returns them: the walk then has to make room. */
export function forceHomeless(placement: Placement): readonly number[] {
  return [...placement.homeless.members()].filter((u) => {
    const may = (to: number): boolean => placement.mayBe(u, to);
    return moveToBest(placement, u, (to) => (may(to) ? placement.deltaOf(u, to) : NEVER));
  });
}

/** Moves units of apart groups away until no node has more than it should, where that can be done. */
export function splitCrowds(placement: Placement): void {
  const { groups, model, mobile } = placement.problem;
  groups.forEach((group, number) => {
    for (;;) {
      const crowded = group.units.filter(
        (u) => mobile[u] === 1 && placement.crowds.on(number, placement.at[u] ?? -1) > 1,
      );
      let best = { u: -1, to: -1, delta: Number.POSITIVE_INFINITY };
      for (const u of crowded) {
        const here = placement.crowds.on(number, placement.at[u] ?? -1);
        for (let to = 0; to < model.nodes.length; to++) {
          // With fewer nodes than members somebody stays crowded: only a step that evens out counts, or it never ends.
          if (placement.crowds.on(number, to) > here - 2) continue;
          const delta = allowedDelta(placement, u, to);
          if (delta < best.delta) best = { u, to, delta };
        }
      }
      if (best.u < 0) return;
      placement.move(best.u, best.to);
    }
  });
}

function allowedDelta(placement: Placement, u: number, to: number): number {
  return placement.allows(u, to) ? placement.deltaOf(u, to) : NEVER;
}

/** Moves a unit where the change is least; tells whether there was such a node. */
function moveToBest(placement: Placement, u: number, change: (to: number) => number): boolean {
  let best = -1;
  let least = NEVER;
  for (let to = 0; to < placement.problem.model.nodes.length; to++) {
    const delta = change(to);
    if (delta >= least) continue;
    least = delta;
    best = to;
  }
  if (best < 0) return false;
  placement.move(u, best);
  return true;
}
