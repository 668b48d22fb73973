import type { ClusterSnapshot } from "@kappa4/connectors";
import type { FailoverReport } from "./failover/failover-report.ts";
import type { RebalanceOptions } from "./options.ts";
import { prepareCluster } from "./prepare.ts";

/**
 * Checks what becomes of the guests if a node fails (N+1), for each node alone: which would find a place on the
 * others under limits, reserves and all hard rules, which would not and why, and which are lost with the node.
 * `nodes` names the nodes; default: all that are online.
 *
 * @example
 * const { holds, nodes } = checkFailover(snapshot);
 */
export function checkFailover(
  snapshot: ClusterSnapshot,
  nodes?: readonly string[] | undefined,
  options: RebalanceOptions = {},
): FailoverReport {
  return prepareCluster(snapshot, options).failover(nodes);
}
