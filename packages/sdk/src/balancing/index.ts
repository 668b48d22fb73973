export { pickBestNode } from "./best-node.ts";
export { checkFailover } from "./check-failover.ts";
export { checkRules } from "./check-rules.ts";
export { drainNodes } from "./drain-nodes.ts";
export { emptiesNode } from "./empties-node.ts";
export { explainGuest } from "./explain-guest.ts";
export type { GuestExplanation, GuestRequest, NodeChoice } from "./explanation.ts";
export type { FailedGuest, FailoverReport, NodeFailover } from "./failover/failover-report.ts";
export {
  createHistory,
  type RebalanceHistory,
  type RecentMove,
  type RecordedMoves,
  recordMoves,
} from "./history.ts";
export { limitsOf } from "./limits-of.ts";
export { measureBalance } from "./measure.ts";
export type { RebalanceOptions } from "./options.ts";
export type {
  Balance,
  BlockedCode,
  BlockedGuest,
  Conflict,
  Move,
  MoveGain,
  MoveReason,
  MoveReasonCode,
  NodeLoad,
  RebalancePlan,
  RejectedAlternative,
} from "./plan.ts";
export { planRebalance } from "./plan-rebalance.ts";
export type { PreparedCluster } from "./prepare.ts";
export { prepareCluster } from "./prepare.ts";
export type { RuleReport, RuleViolation } from "./rule-report.ts";
export { readRules } from "./rules/rules.ts";
export { informs } from "./telling/informs.ts";
export type { Impossible, WhatIf, WhatIfChange } from "./what-if/what-if-report.ts";
export { whatIf } from "./what-if.ts";
