export type { RebalanceOptions } from "./options.ts";
export type {
  Balance,
  BlockedCode,
  BlockedGuest,
  Conflict,
  Move,
  MoveReason,
  MoveReasonCode,
  NodeChoice,
  NodeLoad,
  RebalancePlan,
} from "./plan.ts";
