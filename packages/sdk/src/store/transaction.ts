import { type IsolationLevel, type Kysely, sql, type Transaction } from "kysely";
import { type Id, toUuid } from "../ids.ts";
import type { Database } from "./engine.ts";
import { SCHEMA } from "./migrations/index.ts";
import { type LostRun, lostRuns } from "./queue-jobs.ts";
import { type Approvals, approvals } from "./repositories/approvals.ts";
import { type AuditEntries, auditEntries } from "./repositories/audit.ts";
import { type AuditSeals, auditSeals } from "./repositories/audit-seal.ts";
import { type ChatAccounts, chatAccounts } from "./repositories/chat-accounts.ts";
import { type Counters, counters } from "./repositories/counters.ts";
import { type Deliveries, deliveries } from "./repositories/deliveries.ts";
import { type Documents, documents } from "./repositories/documents.ts";
import { type Events, events } from "./repositories/events.ts";
import { type Grants, grants } from "./repositories/grants.ts";
import { type Leases, leases } from "./repositories/leases.ts";
import { type Orgs, orgs, type StoredOrg } from "./repositories/orgs.ts";
import { type Plans, plans } from "./repositories/plans.ts";
import { type Projects, projects } from "./repositories/projects.ts";
import { type Requests, requests } from "./repositories/requests.ts";
import { type Roles, roles } from "./repositories/roles.ts";
import { type RunSteps, runSteps } from "./repositories/run-steps.ts";
import { type Runs, runs } from "./repositories/runs.ts";
import { sweep } from "./repositories/sweep.ts";
import { type Tallies, tallies } from "./repositories/tallies.ts";
import { type Users, users } from "./repositories/users.ts";
import { ROLES } from "./roles.ts";
import type { Tables } from "./tables.ts";

/** A transaction of the store, of whatever role. */
export type StoreTransaction = Transaction<Tables>;

/** One transaction of one organisation: it sees and changes that organisation's rows alone. */
export interface OrgTransaction {
  readonly org: Id<"org">;
  /** Which database the store is in. */
  readonly engine: Database["engine"];
  /** For the store's own repositories. */
  readonly db: StoreTransaction;
  readonly plans: Plans;
  readonly approvals: Approvals;
  readonly runs: Runs;
  readonly runSteps: RunSteps;
  readonly leases: Leases;
  readonly users: Users;
  readonly roles: Roles;
  readonly grants: Grants;
  readonly chatAccounts: ChatAccounts;
  readonly documents: Documents;
  readonly events: Events;
  readonly deliveries: Deliveries;
  readonly audit: AuditEntries;
  readonly requests: Requests;
  readonly counters: Counters;
  readonly projects: Projects;
  readonly tallies: Tallies;
  /**
   * Waits until no other transaction of the organisation holds the same thing; none does before this one ends. For what
   * is looked at, and then changed by what was seen.
   */
  hold(what: string): Promise<void>;
  /** The organisation itself; undefined when it is no more. */
  organisation(): Promise<StoredOrg | undefined>;
  /** How the organisation itself stands. */
  status(): Promise<StoredOrg["status"]>;
}

/** One transaction of the platform itself, across organisations. */
export interface PlatformTransaction {
  readonly db: StoreTransaction;
  readonly orgs: Orgs;
  readonly auditSeals: AuditSeals;
  /** Runs that are not over and that this queue knows nothing of. */
  lostRuns(queue: string): Promise<readonly LostRun[]>;
  /** Forgets what limits counted, and answers to requests that came, before these instants; returns how many rows. */
  sweep(before: { readonly requests: Date; readonly counters: Date }): Promise<number>;
}

/** Runs work in a transaction that is one organisation's. */
export function inOrg<T>(
  database: Database,
  org: Id<"org">,
  work: (tx: OrgTransaction) => Promise<T>,
): Promise<T> {
  const orgId = toUuid(org);
  return inRole(database, ROLES.app, orgId, (db) => {
    const scope = { db, orgId };
    const organisation = () => orgs(db).find(org);
    return work({
      org,
      engine: database.engine,
      db,
      plans: plans(scope),
      approvals: approvals(scope),
      runs: runs(scope),
      runSteps: runSteps(scope),
      leases: leases(scope),
      users: users(scope),
      roles: roles(scope),
      grants: grants(scope),
      chatAccounts: chatAccounts(scope),
      documents: documents(scope),
      events: events(scope),
      deliveries: deliveries(scope),
      audit: auditEntries(scope),
      requests: requests(scope),
      counters: counters(scope),
      projects: projects(scope),
      tallies: tallies(scope),
      async hold(what) {
        const name = `kappa4:${orgId}:${what}`;
        await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(db);
      },
      organisation,
      status: async () => (await organisation())?.status ?? "deleted",
    });
  });
}

/** Runs work in a transaction across organisations. */
export function onPlatform<T>(
  database: Database,
  work: (tx: PlatformTransaction) => Promise<T>,
  level: IsolationLevel = "read committed",
): Promise<T> {
  return inRole(
    database,
    ROLES.platform,
    "",
    (db) =>
      work({
        db,
        orgs: orgs(db),
        auditSeals: auditSeals(db),
        lostRuns: (queue) => lostRuns(db, queue),
        sweep: (before) => sweep(db, before),
      }),
    level,
  );
}

/**
 * A process that stands still in the middle of a transaction would keep its locks, and whoever is to take over its runs
 * waiting: a server ends the connection before the lease is over. The embedded store has no other process to wait.
 */
const LEFT_ALONE = sql`, set_config('idle_in_transaction_session_timeout', '6s', true)`;

/**
 * Role, organisation and schema are set for the transaction alone, so they survive any pool and leave nothing behind
 * in it; the organisation of a transaction without one is the empty text, which no row belongs to.
 */
function inRole<T>(
  { db, within, engine }: Database,
  role: string,
  orgId: string,
  work: (db: StoreTransaction) => Promise<T>,
  level: IsolationLevel = "read committed",
): Promise<T> {
  const transaction = db.transaction().setIsolationLevel(level);
  const limit = engine === "postgres" ? LEFT_ALONE : sql``;
  return transaction.execute((trx) =>
    within(async () => {
      await sql`select set_config('role', ${role}, true), set_config('kappa4.org', ${orgId}, true),
        set_config('search_path', ${`${SCHEMA}, pg_temp`}, true)${limit}`.execute(trx);
      return work(trx);
    }),
  );
}

/** The kysely instance as the migrations want it: without knowledge of any table. */
export function untyped(db: Kysely<Tables>): Kysely<never> {
  return db.withoutPlugins() as unknown as Kysely<never>;
}
