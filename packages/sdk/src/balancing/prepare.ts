import type { ClusterSnapshot, GuestId } from "@kappa4/connectors";
import { explain } from "./explain.ts";
import type { GuestExplanation, GuestRequest, NodeChoice } from "./explanation.ts";
import { type Housing, openHousing } from "./failover/applicant.ts";
import { failingNodes, reportFailover } from "./failover/failover.ts";
import type { FailoverReport } from "./failover/failover-report.ts";
import { findPlan } from "./failover/find-plan.ts";
import { rankNodes } from "./failover/rank-nodes.ts";
import { balanceOf } from "./measure.ts";
import { Kin } from "./model/kin.ts";
import { buildModel } from "./model/model.ts";
import type { RebalanceOptions } from "./options.ts";
import type { Balance, RebalancePlan } from "./plan.ts";
import type { RuleReport } from "./rule-report.ts";
import { reportRules } from "./rules/report-rules.ts";
import { writePlan } from "./telling/write-plan.ts";

/** A snapshot made ready for many questions: what all of them need is worked out once. */
export interface PreparedCluster {
  /** As `planRebalance`. */
  plan(): RebalancePlan;
  /** As `pickBestNode`. */
  bestNode(guest: GuestId | GuestRequest): readonly NodeChoice[];
  /** As `explainGuest`, of a plan made with the same snapshot and options. */
  explain(plan: RebalancePlan, guest: GuestId): GuestExplanation;
  /** As `checkFailover`. */
  failover(nodes?: readonly string[]): FailoverReport;
  /** As `checkRules`. */
  rules(): RuleReport;
  /** As `measureBalance`. */
  balance(): Balance;
}

/**
 * Makes a snapshot ready for many questions. Each is answered as by the function of the same purpose, which
 * would make the snapshot ready anew every time. The numbers of the snapshot have to be finite and not negative, as
 * those of a connector or of `readSnapshot` are: they are not looked at again.
 *
 * @example
 * const cluster = prepareCluster(snapshot);
 * for (const request of requests) console.log(cluster.bestNode(request)[0]?.node);
 */
export function prepareCluster(
  snapshot: ClusterSnapshot,
  options: RebalanceOptions = {},
): PreparedCluster {
  const model = buildModel(snapshot, options);
  let known: Housing | undefined;
  const housing = (): Housing => {
    known ??= openHousing(model, new Kin(model), options, model.home);
    return known;
  };
  return {
    plan: () => writePlan(findPlan(model)),
    bestNode: (guest) => rankNodes(housing(), guest),
    explain: (plan, guest) => explain(housing(), plan, guest),
    failover(asked) {
      if (asked === undefined) return reportFailover(model, model.home, failingNodes(model));
      const names = [...new Set(asked)];
      const known = names.flatMap((name) => model.nodeIndex.get(name) ?? []);
      const unknown = names.filter((name) => !model.nodeIndex.has(name));
      const report = reportFailover(model, model.home, known);
      return { ...report, unknown, holds: report.holds && unknown.length === 0 };
    },
    rules: () => reportRules(model),
    balance: () => balanceOf(model, model.home),
  };
}
