import type { ClusterSnapshot } from "@kappa4/connectors";
import type { RebalanceOptions } from "./options.ts";
import type { RebalancePlan } from "./plan.ts";
import { planRebalance } from "./plan-rebalance.ts";

/**
 * Plans how to empty nodes for maintenance, besides those already in maintenance: their guests go where rules
 * and limits allow and load stays as level as it is; broken rules are repaired on the occasion, nothing else moves.
 *
 * @example
 * const plan = drainNodes(snapshot, ["pve3"]);
 */
export function drainNodes(
  snapshot: ClusterSnapshot,
  nodes: readonly string[],
  options: RebalanceOptions = {},
): RebalancePlan {
  const maintenanceNodes = [...(options.maintenanceNodes ?? []), ...nodes];
  const plan = planRebalance(snapshot, { ...options, goal: "rules", maintenanceNodes });
  const unknown = nodes.filter((name) => snapshot.nodes.every((node) => node.name !== name));
  if (unknown.length === 0) return plan;
  const message = `There is no node called ${unknown.join(", ")} to empty; correct the name.`;
  const conflict = { code: "drain-blocked", rules: [], guests: [], message } as const;
  return { ...plan, status: "partial", conflicts: [conflict, ...plan.conflicts] };
}
