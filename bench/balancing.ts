import { planRebalance } from "@kappa4/sdk/balancing";
import { leastSeconds } from "./balancing-bound.ts";
import { type Kind, makeCluster } from "./balancing-cluster.ts";
import { median, table } from "./machine.ts";

const SIZES = [
  [3, 60],
  [10, 300],
  [32, 1000],
  [100, 5000],
] as const;
const KINDS: readonly Kind[] = ["skewed", "hot node", "drain", "rules"];
const RUNS = 3;

/** Plans for clusters of several sizes: time, cost against what any plan needs, and whether all goals are reached. */
export async function run(): Promise<boolean> {
  const rows: (string | number)[][] = [
    ["cluster", "ms", "moves", "cost s", "at least s", "ratio", "points", "violations", "reached"],
  ];
  let isReached = true;
  for (const [nodes, guests] of SIZES) {
    for (const kind of KINDS) {
      const snapshot = makeCluster(kind, nodes, guests, 7);
      const times: number[] = [];
      let plan = planRebalance(snapshot);
      for (let round = 0; round < RUNS; round++) {
        const startedAt = performance.now();
        plan = planRebalance(snapshot);
        times.push(performance.now() - startedAt);
      }
      const least = leastSeconds(snapshot, plan.balanciness);
      const { spread, violations } = plan.after;
      const reached = plan.status !== "partial";
      isReached &&= reached;
      rows.push([
        `${kind} ${nodes}x${guests}`,
        median(times).toFixed(0),
        plan.moves.length,
        plan.costSeconds.toFixed(0),
        least.toFixed(0),
        (plan.costSeconds / least).toFixed(2),
        `${plan.before.spread.toFixed(1)} > ${spread.toFixed(1)}`,
        `${plan.before.violations} > ${violations}`,
        reached ? "yes" : "no",
      ]);
    }
  }
  console.log(table(rows));
  return isReached;
}
