import type { ClusterSnapshot, GuestId } from "@kappa4/connectors";
import type { GuestExplanation } from "./explanation.ts";
import type { RebalanceOptions } from "./options.ts";
import type { RebalancePlan } from "./plan.ts";
import { prepareCluster } from "./prepare.ts";

/**
 * Explains what a plan does with a guest: why it moves, what keeps it from moving, or that nothing would be
 * gained by moving it, with the figures. `options` are those that the plan was made with.
 *
 * @example
 * const { message } = explainGuest(snapshot, plan, 100);
 */
export function explainGuest(
  snapshot: ClusterSnapshot,
  plan: RebalancePlan,
  guest: GuestId,
  options: RebalanceOptions = {},
): GuestExplanation {
  return prepareCluster(snapshot, options).explain(plan, guest);
}
