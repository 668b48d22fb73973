import type { ClusterSnapshot } from "@kappa4/connectors";
import type { RebalanceOptions } from "./options.ts";
import { prepareCluster } from "./prepare.ts";
import type { RuleReport } from "./rule-report.ts";

/**
 * Checks the rules of a cluster as it is: which ones do not hold, and which ones cannot.
 *
 * @example
 * const { violations, conflicts } = checkRules(snapshot);
 */
export function checkRules(snapshot: ClusterSnapshot, options: RebalanceOptions = {}): RuleReport {
  return prepareCluster(snapshot, options).rules();
}
