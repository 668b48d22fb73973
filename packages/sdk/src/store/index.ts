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
export type { Documents, NewDocument, StoredDocument } from "./repositories/documents.ts";
export type { EventCursor, EventFilter, Events, StoredEvent } from "./repositories/events.ts";
export type { Grants, StoredGrant } from "./repositories/grants.ts";
export type { Orgs, StoredOrg } from "./repositories/orgs.ts";
export type { PlanFilter, PlanState, Plans, StoredPlan } from "./repositories/plans.ts";
export type { Requests, StoredRequest } from "./repositories/requests.ts";
export type { OrgScope } from "./repositories/scope.ts";
export type { StoredUser, UserChange, Users } from "./repositories/users.ts";
export type { OrgTransaction, PlatformTransaction, StoreTransaction } from "./transaction.ts";
export type { MarkRestored, RestoredChain } from "./transfer/backup.ts";
