import { adopt } from "./adopt.ts";
import { apply } from "./apply.ts";
import { bestNode } from "./best-node.ts";
import { checkFailover } from "./check-failover.ts";
import { explain } from "./explain.ts";
import { history } from "./history.ts";
import { measure } from "./measure.ts";
import { plan } from "./plan.ts";
import { preview } from "./preview.ts";
import { status } from "./status.ts";
import { whatIf } from "./what-if.ts";

export type { MoveTally, RebalanceRun } from "../run-tally.ts";
export type { AdoptPlanInput } from "./adopt.ts";
export type { ApplyInput, ApplyOutcome, ApplyProgress } from "./apply.ts";
export type { BestNodeInput } from "./best-node.ts";
export type { CheckFailoverInput } from "./check-failover.ts";
export type { ExplainInput } from "./explain.ts";
export type { RebalanceHistoryInput } from "./history.ts";
export type { ClusterInput, NewGuest, PlanInput } from "./inputs.ts";
export type { LastPlan, RebalanceStatus } from "./status.ts";
export type { WhatIfInput } from "./what-if.ts";

/** The rebalance of clusters: plan, apply, and the questions around it. */
export interface RebalanceActions {
  /** Reads a cluster and plans the moves that repair its rules, empty nodes and level it; stores the plan, changes nothing. Throws `invalid_argument`, `not_found`. */
  readonly plan: typeof plan;
  /** Makes the plan that `plan` would make, and keeps nothing of it; whoever holds the process makes no store for it, and goes by the configuration alone where there is none, or none that can be opened now. Throws `invalid_argument`, `not_found`. */
  readonly preview: typeof preview;
  /** Stores a plan that was made elsewhere, to be approved and applied like any other. Throws `config_invalid`. */
  readonly adopt: typeof adopt;
  /** Moves the guests as a stored plan says, once those who have to have approved it. Throws `not_found`, `plan_stale`, `conflict`, `permission`. */
  readonly apply: typeof apply;
  /** Says for each connection what is planned, what is under way, how the last rebalance ended, and whether any may start. Throws `not_found`. */
  readonly status: typeof status;
  /** Lists the rebalances that are over, the newest first, a page at a time. Throws `not_found`. */
  readonly history: typeof history;
  /** Says what of a plan is reached as the cluster stands now; moves nothing. */
  readonly measure: typeof measure;
  /** Ranks the nodes of a cluster as a home for a guest that is there, or for a new one. Throws `not_found`. */
  readonly bestNode: typeof bestNode;
  /** Says why a guest would move, or why it would stay. Throws `not_found`. */
  readonly explain: typeof explain;
  /** Says what would become of a cluster if something happened to it; changes nothing. Throws `invalid_argument`, `not_found`. */
  readonly whatIf: typeof whatIf;
  /** Says for each node whether its guests would find a place on the others if it failed. Throws `not_found`. */
  readonly checkFailover: typeof checkFailover;
}

/** The actions of `kappa4.rebalance`. */
export const rebalance: RebalanceActions = {
  plan,
  preview,
  adopt,
  apply,
  status,
  history,
  measure,
  bestNode,
  explain,
  whatIf,
  checkFailover,
};
