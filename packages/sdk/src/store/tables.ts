import type { ColumnType, GeneratedAlways } from "kysely";
import type { RunState } from "./repositories/runs.ts";

/** A jsonb column: read as a value, written as its text. */
type Json = ColumnType<unknown, string, string>;
/** A jsonb column that may be empty. */
type MaybeJson = ColumnType<unknown, string | null | undefined, string | null>;
type Maybe<Type> = ColumnType<Type | null, Type | null | undefined, Type | null>;
/** Written by the database. */
type Given<Type> = GeneratedAlways<Type>;

/** Every table of the store, in camel case as kysely is told to write them. Ids are UUIDs here. */
export interface Tables {
  readonly orgs: OrgsTable;
  readonly projects: ProjectsTable;
  readonly users: UsersTable;
  readonly chatAccounts: ChatAccountsTable;
  readonly roles: RolesTable;
  readonly grants: GrantsTable;
  readonly documents: DocumentsTable;
  readonly plans: PlansTable;
  readonly approvals: ApprovalsTable;
  readonly runs: RunsTable;
  readonly runSteps: RunStepsTable;
  readonly leases: LeasesTable;
  readonly events: EventsTable;
  readonly deliveries: DeliveriesTable;
  readonly audit: AuditTable;
  readonly auditHeads: AuditHeadsTable;
  readonly auditCheckpoints: AuditCheckpointsTable;
  readonly requests: RequestsTable;
  readonly counters: CountersTable;
}

interface OrgsTable {
  id: string;
  name: string;
  slug: string;
  status: "active" | "suspended" | "closing" | "deleted";
  kind: "standard" | "guest";
  quotas: ColumnType<unknown, string | undefined, string>;
  createdAt: Date;
}

interface OfOrg {
  orgId: string;
}

interface Stamped extends OfOrg {
  id: string;
  createdAt: Date;
  updatedAt: Date;
}

interface ProjectsTable extends Stamped {
  name: string;
  status: "active" | "archived";
}

interface UsersTable extends Stamped {
  email: string;
  name: string;
  status: "active" | "disabled";
}

interface ChatAccountsTable extends OfOrg {
  platform: string;
  workspace: string;
  account: string;
  userId: string;
  method: string;
  linkedAt: Date;
}

interface RolesTable extends Stamped {
  key: string;
  name: string;
  permissions: Json;
  createdBy: string;
}

interface GrantsTable extends OfOrg {
  id: string;
  principalKind: "user" | "group" | "token" | "agent";
  principal: string;
  role: string;
  scope: string;
  expiresAt: Maybe<Date>;
  source: "manual" | "group-sync" | "invitation" | "bootstrap";
  createdBy: string;
  createdAt: Date;
}

interface DocumentsTable extends OfOrg {
  scope: string;
  key: string;
  revision: number;
  value: Json;
  note: Maybe<string>;
  by: string;
  at: Date;
}

interface PlansTable extends OfOrg {
  id: string;
  shortId: string;
  action: string;
  connection: string;
  cluster: string;
  input: Json;
  content: Json;
  hash: string;
  facts: Json;
  risk: number;
  state: "draft" | "consumed" | "superseded" | "discarded";
  requestedBy: string;
  via: string;
  createdAt: Date;
  expiresAt: Date;
}

interface ApprovalsTable extends OfOrg {
  id: string;
  shortId: string;
  planId: string;
  state: string;
  version: number;
  hash: string;
  risk: number;
  via: string;
  createdAt: Date;
  deadline: Maybe<Date>;
  glassBrokenBy: Maybe<string>;
  glassBrokenAt: Maybe<Date>;
  value: Json;
}

interface RunsTable extends OfOrg {
  id: string;
  shortId: string;
  action: string;
  input: Json;
  planId: string;
  approvalId: Maybe<string>;
  connection: string;
  cluster: string;
  state: RunState;
  progress: MaybeJson;
  result: MaybeJson;
  error: MaybeJson;
  requestedBy: string;
  via: string;
  cancelAskedAt: Maybe<Date>;
  cancelAskedBy: Maybe<string>;
  createdAt: Date;
  startedAt: Maybe<Date>;
  endedAt: Maybe<Date>;
}

interface RunStepsTable extends OfOrg {
  runId: string;
  step: number;
  state: "intent" | "observed" | "done" | "failed" | "skipped" | "unknown";
  fence: number;
  attempt: number;
  intent: Json;
  operation: MaybeJson;
  result: MaybeJson;
  error: MaybeJson;
  intentAt: Date;
  observedAt: Maybe<Date>;
  endedAt: Maybe<Date>;
}

interface LeasesTable extends OfOrg {
  cluster: string;
  fence: number;
  runId: Maybe<string>;
  holder: Maybe<string>;
  expiresAt: Maybe<Date>;
}

interface EventsTable extends OfOrg {
  id: string;
  type: string;
  source: string;
  subject: Maybe<string>;
  severity: "debug" | "info" | "notice" | "warning" | "error" | "critical";
  at: Date;
  endAt: Maybe<Date>;
  summary: string;
  data: Json;
  dedupeKey: Maybe<string>;
  xid: Given<string>;
}

interface DeliveriesTable extends OfOrg {
  eventId: string;
  place: string;
  state: "telling" | "waiting" | "told" | "failed";
  attempt: number;
  until: Date;
  isDoubtful: boolean;
  readers: Json;
  error: Maybe<string>;
  at: Date;
}

interface AuditTable extends OfOrg {
  id: string;
  at: Date;
  body: string;
  bodyJson: Given<unknown>;
  xid: Given<string>;
  seq: Maybe<number>;
  prevHash: Maybe<string>;
  hash: Maybe<string>;
}

interface AuditHeadsTable extends OfOrg {
  seq: number;
  hash: string;
  epoch: number;
  updatedAt: Date;
}

interface AuditCheckpointsTable extends OfOrg {
  seq: number;
  hash: string;
  at: Date;
  keyId: string;
  signature: string;
}

interface RequestsTable extends OfOrg {
  requestKey: string;
  hash: string;
  answer: MaybeJson;
  createdAt: Date;
  expiresAt: Date;
}

interface CountersTable extends OfOrg {
  key: string;
  windowStart: Date;
  count: number;
}
