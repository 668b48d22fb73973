import type { Puzzle } from "./puzzle.ts";
import { cheapestFirst } from "./queue.ts";

/** A way may not take more placements to find than this; none of the clusters here come near. */
const MOST_PLACEMENTS = 3_000_000;

/**
 * The least migration time of any placement that holds all rules, limits and the target, whatever way leads to
 * it; undefined where there is none. All placements are tried but those that cannot be cheaper.
 */
export function cheapestEnd(puzzle: Puzzle): number | undefined {
  const { guests, seconds, homes } = puzzle;
  const loads = puzzle.bases.slice();
  const at: number[] = guests.map(() => -1);
  const order = guests.map((_, g) => g).sort((a, b) => (seconds[b] ?? 0) - (seconds[a] ?? 0));
  let least: number | undefined;
  const place = (index: number, cost: number): void => {
    if (least !== undefined && cost >= least - 1e-9) return;
    const g = order[index];
    if (g === undefined) {
      if (puzzle.reachesTarget(loads)) least = cost;
      return;
    }
    for (const n of puzzle.ends[g] ?? []) {
      if (!puzzle.agrees(g, n, at)) continue;
      const before = loads[n] ?? 0;
      loads[n] = before + (puzzle.weights[g] ?? 0);
      if ((loads[n] ?? 0) <= (puzzle.ceilings[n] ?? 0)) {
        at[g] = n;
        place(index + 1, cost + (n === homes[g] ? 0 : (seconds[g] ?? 0)));
        at[g] = -1;
      }
      loads[n] = before;
    }
  };
  place(0, 0);
  return least;
}

/**
 * The least migration time of any sequence of single moves to such a placement on which nothing is broken: each
 * move fits beside all that is there, ends on a node that the guest may be on, and meets no guest that it must be
 * apart from. Guests may move several times. Undefined where there is no such sequence.
 */
export function cheapestWay(puzzle: Puzzle): number | undefined {
  const queue = cheapestFirst<readonly number[]>();
  const settled = new Set<string>();
  queue.add(0, puzzle.homes);
  for (let next = queue.take(); next !== undefined; next = queue.take()) {
    const { cost, item: at } = next;
    const key = at.join();
    if (settled.has(key)) continue;
    settled.add(key);
    if (puzzle.isEnd(at)) return cost;
    if (settled.size > MOST_PLACEMENTS) throw new Error("too large a cluster for an exact answer");
    const loads = puzzle.loadsOf(at);
    at.forEach((from, g) => {
      for (const n of puzzle.targets[g] ?? []) {
        const load = (loads[n] ?? 0) + (puzzle.weights[g] ?? 0);
        if (n === from || load > (puzzle.hard[n] ?? 0) || puzzle.meets(g, n, at)) continue;
        const after = at.with(g, n);
        if (!settled.has(after.join())) queue.add(cost + (puzzle.seconds[g] ?? 0), after);
      }
    });
  }
  return undefined;
}
