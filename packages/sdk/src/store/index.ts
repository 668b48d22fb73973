export type { Finding } from "./check/finding.ts";
export type { CheckReport } from "./check/index.ts";
export type { QueueDatabase } from "./engine.ts";
export {
  backUpStore,
  type Copied,
  checkStore,
  migrateStore,
  moveStore,
  restoreStore,
} from "./maintain.ts";
export { type OpenStoreOptions, openStore, type Store } from "./open.ts";
export type { LostRun, QueueJobs } from "./queue-jobs.ts";
export { QUEUE_SCHEMA } from "./queue-schema.ts";
export type { ApprovalFilter, Approvals, StoredApproval } from "./repositories/approvals.ts";
export type {
  AuditEntries,
  AuditFilter,
  NewAuditEntry,
  StoredAuditEntry,
} from "./repositories/audit.ts";
export type {
  AuditSeals,
  SealedPlace,
  StoredAuditHead,
  StoredCheckpoint,
  UnsealedEntry,
} from "./repositories/audit-seal.ts";
export type { ChatAccounts, ChatAddress, StoredChatAccount } from "./repositories/chat-accounts.ts";
export type { Counters } from "./repositories/counters.ts";
export type {
  Deliveries,
  DeliveryChange,
  DueEvents,
  StoredDelivery,
} from "./repositories/deliveries.ts";
export type { Documents, NewDocument, StoredDocument } from "./repositories/documents.ts";
export type {
  EventCursor,
  EventFilter,
  Events,
  FollowedEvent,
  StoredEvent,
} from "./repositories/events.ts";
export type { Grants, StoredGrant } from "./repositories/grants.ts";
export type { Leases, StoredLease } from "./repositories/leases.ts";
export type { NewOrg, Orgs, StoredOrg } from "./repositories/orgs.ts";
export type { PlanFilter, PlanState, Plans, StoredPlan } from "./repositories/plans.ts";
export type { Projects, StoredProject } from "./repositories/projects.ts";
export type { Requests, StoredRequest } from "./repositories/requests.ts";
export type { RoleChange, Roles, StoredRole } from "./repositories/roles.ts";
export type { RunSteps, StepState, StoredStep } from "./repositories/run-steps.ts";
export type {
  RecentRun,
  RunChange,
  RunFilter,
  RunState,
  Runs,
  StoredRun,
} from "./repositories/runs.ts";
export type { OrgScope } from "./repositories/scope.ts";
export type { Tallies } from "./repositories/tallies.ts";
export type { StoredUser, UserChange, Users } from "./repositories/users.ts";
export type { OrgTransaction, PlatformTransaction, StoreTransaction } from "./transaction.ts";
export type { MarkRestored, RestoredChain } from "./transfer/backup.ts";
