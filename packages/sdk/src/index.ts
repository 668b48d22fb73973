export type { Clock, ErrorCode, GuestId, Issue, Logger, Outcome } from "@kappa4/connectors";
export {
  ConfigInvalidError,
  hiding,
  Kappa4Error,
  RateLimitedError,
  redactText,
} from "@kappa4/connectors";
export type { ActionField } from "./action-fields.ts";
export type { Actor, Caller, ChatOrigin, Via } from "./actions/actor.ts";
export type {
  ActionCallOptions,
  ApprovalView,
  PlanView,
  RunAnswer,
  RunSummary,
  RunView,
} from "./actions/answers.ts";
export type { Call, Client } from "./actions/client.ts";
export type {
  Action,
  ActionScope,
  AuditFacts,
  ChangeAction,
  PlanAction,
  ReadAction,
  RunAction,
  RunEnd,
  WorkDescription,
} from "./actions/define.ts";
export { defineAction } from "./actions/define.ts";
export type { QuotaKey } from "./actions/quota.ts";
export type {
  ApprovalDetails,
  ApprovalInput,
  ApproveInput,
  BreakGlassInput,
  Decision,
  DenyInput,
  ListApprovalsInput,
  WithdrawInput,
} from "./approving/actions/index.ts";
export type {
  AuditExport,
  AuditProblem,
  AuditReport,
  LostEntries,
  VerifyAuditOptions,
} from "./audit/index.ts";
export { verifyAudit } from "./audit/verify.ts";
export type { AuditEntryView, SearchAuditInput, VerifyRecordInput } from "./auditing/index.ts";
export { systemClock } from "./clock.ts";
export { closest } from "./closest.ts";
export type { PingAnswer, SnapshotInput } from "./cluster/index.ts";
export { configInvalid } from "./config/config-invalid.ts";
export { defineConfig } from "./config/define-config.ts";
export { CONFIG_FILES, findConfig } from "./config/find.ts";
export type {
  ApplySettings,
  AuditSettings,
  ConfigParts,
  ConnectionConfig,
  FindConfigOptions,
  Kappa4Config,
  Kappa4ConfigInput,
  KnownConnectors,
  ParseConfigOptions,
  PersonConfig,
  ReadConfigOptions,
  ReadStoreOptions,
  StoreSettings,
} from "./config/index.ts";
export { parseByteSize } from "./config/sizes.ts";
export type {
  ConfigDiff,
  ConfigDiffInput,
  ConfigHistoryInput,
  ConfigView,
  Difference,
  ExportedConfig,
  RestoreConfigInput,
  StoredSection,
  UpdateConfigInput,
  ValidateConfigInput,
} from "./configuring/index.ts";
export type { ActionDescription } from "./describe-actions.ts";
export { describeActions } from "./describe-actions.ts";
export type {
  ClaimEventsInput,
  ClaimedEvent,
  DeliveryView,
  EventCounts,
  EventFilterInput,
  EventView,
  ListDeliveriesInput,
  ListEventsInput,
  SettledClaim,
  SettleEventsInput,
  UntoldEventsInput,
  WatchEventsInput,
  WatchedEvent,
} from "./events/index.ts";
export { EVENT_TYPES, type EventType } from "./events/types.ts";
export type { GetGuestInput, ListGuestsInput } from "./guests/index.ts";
export type { Id } from "./ids.ts";
export { isId } from "./ids.ts";
export type { InnerField } from "./inner-fields.ts";
export type { InstanceInput, StopInstanceInput } from "./instances/index.ts";
export type { BoundKappa4, CreateKappa4Options, Kappa4 } from "./kappa4.ts";
export { createKappa4 } from "./kappa4.ts";
export type { LogFilterInput, LogLevel, LogRecord, QueryLogsInput } from "./logs/index.ts";
export type { MaintenanceInput, NodeInMaintenance } from "./maintenance/index.ts";
export type { ListMigrationsInput, Migration } from "./migrations/index.ts";
export type { GetNodeInput, NodeView } from "./nodes/index.ts";
export type {
  CreateOrgInput,
  OrgStandingInput,
  QuotaView,
  SetQuotaInput,
} from "./orgs/index.ts";
export type { ListPlansInput, PlanDetails, PlanNameInput } from "./plans/actions/index.ts";
export type { Preferences } from "./preferences/index.ts";
export type { CreateProjectInput, DeleteProjectInput, ProjectView } from "./projects/index.ts";
export type {
  AdoptPlanInput,
  ApplyInput,
  ApplyOutcome,
  ApplyProgress,
  BestNodeInput,
  CheckFailoverInput,
  ClusterInput,
  ExplainInput,
  LastPlan,
  MoveTally,
  NewGuest,
  PlanInput,
  RebalanceHistoryInput,
  RebalanceRun,
  RebalanceStatus,
  WhatIfInput,
} from "./rebalance/actions/index.ts";
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
export type { FollowApplyOptions } from "./rebalance/follow-apply.ts";
export { followApply } from "./rebalance/follow-apply.ts";
export { getGuest } from "./rebalance/get-guest.ts";
export { hasStartedMoves } from "./rebalance/outcome.ts";
export { checkChanges } from "./rebalance/what-if-changes.ts";
export type {
  CreateRoleInput,
  DeleteRoleInput,
  RoleView,
  UpdateRoleInput,
} from "./roles/index.ts";
export type { ListRulesInput } from "./rules/index.ts";
export type { CancelRunInput, ListRunsInput, RunInput } from "./runs/actions/index.ts";
export type {
  FreezeView,
  ServiceReasonInput,
  ServiceRestart,
  ServiceStatus,
} from "./service/index.ts";
export type { CheckReport, Copied, Finding, OpenStoreOptions } from "./store/index.ts";
export {
  backUpStore,
  checkStore,
  hasStore,
  migrateStore,
  moveStore,
  type RestoreStoreOptions,
  restoreStore,
} from "./store-upkeep.ts";
export {
  type ActionTrace,
  bridgeTelemetry,
  type OperationTrace,
  type RequestTrace,
  type RunTrace,
  type TelemetryApi,
  type TelemetryCounter,
  type TelemetryHistogram,
  type TelemetryMeter,
  type TelemetrySpan,
  type TelemetrySpanOptions,
  type TelemetryTracer,
} from "./telemetry/index.ts";
export type { GiveGrantInput, ListGrantsInput, RevokeGrantInput } from "./users/grants/index.ts";
export type {
  BringUsersInput,
  BroughtPerson,
  CreateUserInput,
  GrantView,
  LinkAccountInput,
  ReactivateUserInput,
  RecordRefusalInput,
  ResolveUserInput,
  SetUserStatusInput,
  UserInput,
  UserView,
} from "./users/index.ts";
export {
  parseConfig,
  readBalancing,
  readConfig,
  readHistory,
  readPlan,
  readSnapshot,
  readStore,
} from "./when-read.ts";
