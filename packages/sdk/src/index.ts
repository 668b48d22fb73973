export type { Clock, ErrorCode, GuestId, Issue, Logger, Outcome } from "@kappa4/connectors";
export { ConfigInvalidError, Kappa4Error, RateLimitedError } from "@kappa4/connectors";
export type {
  AuditProblem,
  AuditReport,
  LostEntries,
  VerifyAuditOptions,
} from "./audit/index.ts";
export { verifyAudit } from "./audit/verify.ts";
export { systemClock } from "./clock.ts";
export { closest } from "./closest.ts";
export type {
  ApplySettings,
  ConfigParts,
  ConnectionConfig,
  FindConfigOptions,
  Kappa4Config,
  Kappa4ConfigInput,
  KnownConnectors,
  ParseConfigOptions,
  ReadConfigOptions,
} from "./config/index.ts";
export {
  CONFIG_FILES,
  configInvalid,
  defineConfig,
  findConfig,
  parseByteSize,
  parseConfig,
  readConfig,
} from "./config/index.ts";
export type {
  CreateKappa4Options,
  Kappa4,
  NewGuest,
  PlanOptions,
  Rebalance,
} from "./kappa4.ts";
export { createKappa4 } from "./kappa4.ts";
export type {
  ApplyEvent,
  ApplyOptions,
  ApplyResult,
  ApplyRun,
  MoveError,
  MoveState,
  MoveStatus,
  RunOutcome,
} from "./rebalance/events.ts";
export { getGuest } from "./rebalance/get-guest.ts";
export { checkChanges } from "./rebalance/what-if-changes.ts";
export { readHistory, readPlan, readSnapshot } from "./snapshot-file/index.ts";
export type { CheckReport, Copied, Finding, OpenStoreOptions } from "./store/index.ts";
export {
  backUpStore,
  checkStore,
  migrateStore,
  moveStore,
  type RestoreStoreOptions,
  restoreStore,
} from "./store-upkeep.ts";
