import { planRebalance } from "../../src/balancing/index.ts";
import { cheapestEnd, cheapestWay } from "./exact.ts";
import { judge } from "./judge.ts";
import { MEMORY_LIMIT, Puzzle, smallCluster } from "./puzzle.ts";

/** A plan is as good as the cheapest within this many seconds. */
const CLOSE = 0.01;

/** How the engine did on one small cluster. */
export interface Round {
  readonly seed: number;
  /**
   * `impossible`: no placement holds everything; `no way`: one does, and none can be reached without breaking
   * something; `missed`: one can be reached and the plan does not; `solved`: the plan reaches one.
   */
  readonly result: "impossible" | "no way" | "missed" | "solved";
  /** Cost of the plan over that of the cheapest safe sequence of moves to a good end; 1 where nothing is to be done. */
  readonly ratio: number;
  /** The same over the cheapest good end, whether or not there is a safe way to it. */
  readonly endRatio: number;
  /** What the judge has to say. */
  readonly problems: readonly string[];
}

/** Plans for a small cluster and compares the plan with the exact answer. */
export function contest(seed: number, effort = 1): Round {
  const snapshot = smallCluster(seed);
  const puzzle = new Puzzle(snapshot);
  const options = { effort };
  const plan = planRebalance(snapshot, options);
  const problems = [...judge(snapshot, plan, options)];
  const least = cheapestEnd(puzzle);
  const isWithin = plan.after.nodes.every(({ memory }) => memory <= MEMORY_LIMIT);
  const solves = plan.after.violations === 0 && plan.after.spread <= puzzle.target && isWithin;
  const none = { seed, ratio: Number.NaN, endRatio: Number.NaN, problems };
  if (least === undefined) {
    if (solves) problems.push("solves what cannot be solved");
    return { ...none, result: "impossible" };
  }
  const isCheapest = solves && plan.costSeconds <= least + CLOSE;
  const way = isCheapest ? least : cheapestWay(puzzle);
  if (way === undefined) {
    return { ...none, result: "no way" };
  }
  if (!solves) return { ...none, result: "missed" };
  if (plan.costSeconds < least - CLOSE) problems.push("cheaper than can be");
  const over = (exact: number): number => (plan.costSeconds + CLOSE) / (exact + CLOSE);
  return { seed, result: "solved", ratio: over(way), endRatio: over(least), problems };
}
