export type { Clock, ErrorCode, GuestId, Logger, Outcome } from "@kappa4/connectors";
export { Kappa4Error } from "@kappa4/connectors";
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
