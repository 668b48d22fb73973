import type { ClusterSnapshot } from "@kappa4/connectors";
import type { RebalanceOptions } from "./options.ts";
import type { RebalancePlan } from "./plan.ts";
import { prepareCluster } from "./prepare.ts";

/**
 * Plans how to bring a cluster to its targets: every hard rule and drain first, then limits, then level load,
 * at the least migration time. The plan is empty when nothing needs doing, and never makes a cluster worse.
 * The same snapshot and options always give the same plan, in whatever order they list things.
 *
 * @example
 * const plan = planRebalance(snapshot, { balanciness: 10 });
 * for (const move of plan.moves) console.log(move.name, move.from, move.to, move.reasons[0]?.message);
 */
export function planRebalance(
  snapshot: ClusterSnapshot,
  options: RebalanceOptions = {},
): RebalancePlan {
  return prepareCluster(snapshot, options).plan();
}
