export type { Kappa4, NewGuest, PlanOptions } from "./kappa4.ts";
export type {
  ApplyEvent,
  ApplyOptions,
  ApplyResult,
  ApplyRun,
  MoveState,
  MoveStatus,
  RunOutcome,
} from "./rebalance/events.ts";
