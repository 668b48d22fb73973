import { type Selectable, sql } from "kysely";
import type { Approval, ApprovalState, RiskClass } from "../../approvals/index.ts";
import { fromJson, toJson } from "../../dated-json.ts";
import { fromUuid, type Id, toUuid } from "../../ids.ts";
import type { Tables } from "../tables.ts";
import { isOneOf } from "./is-one-of.ts";
import type { StoredPlan } from "./plans.ts";
import type { OrgScope } from "./scope.ts";

/** An approval, as stored. */
export interface StoredApproval {
  readonly id: Id<"apr">;
  /** What people say, for example `A-92QX`; unique in the organisation. */
  readonly shortId: string;
  readonly planId: Id<"pln">;
  readonly via: string;
  readonly createdAt: Date;
  readonly approval: Approval;
}

/** Which approvals are asked for. */
export interface ApprovalFilter {
  readonly states?: readonly ApprovalState[] | undefined;
  /** Only of plans on these connections; of none where it is empty. */
  readonly connections?: readonly string[] | undefined;
  /** Default 100, at most 500. */
  readonly limit?: number | undefined;
}

/** A plan that takes the place of older ones, as far as those have no higher risk class than it was approved with. */
export interface ReplacingPlan
  extends Pick<StoredPlan, "id" | "action" | "connection" | "cluster"> {
  readonly highestRisk: RiskClass;
}

/** The approvals of an organisation. */
export interface Approvals {
  insert(approval: StoredApproval): Promise<void>;
  find(id: Id<"apr">): Promise<StoredApproval | undefined>;
  findByShortId(shortId: string): Promise<StoredApproval | undefined>;
  findByPlan(plan: Id<"pln">): Promise<StoredApproval | undefined>;
  /** One that waits, or is approved and not started, for the same hash. */
  findOpen(hash: string): Promise<StoredApproval | undefined>;
  /** Those that wait, or are approved and not started, 500 at the most: whose time ends first comes first. */
  listOpen(): Promise<readonly StoredApproval[]>;
  /** Those that wait, or are approved and not started, for older plans of a cluster and no higher class; newest first. */
  listReplaced(newer: ReplacingPlan): Promise<readonly StoredApproval[]>;
  /** The same as `find`, and no other transaction changes it before this one ends. */
  lock(id: Id<"apr">): Promise<StoredApproval | undefined>;
  /** Newest first. */
  list(filter?: ApprovalFilter): Promise<readonly StoredApproval[]>;
  /** Stores what has become of it where it still is the version before; tells whether it did. */
  save(id: Id<"apr">, next: Approval): Promise<boolean>;
  /** Those that somebody went past the quorum of, and that nobody has acknowledged. */
  listUnacknowledged(): Promise<readonly StoredApproval[]>;
  /** When this person went past a quorum since then. */
  glassBreaks(person: string, since: Date): Promise<readonly Date[]>;
}

/** What can still be decided or started. */
const OPEN: readonly ApprovalState[] = ["pending", "approved"];
const PAGE = 100;
const LARGEST_PAGE = 500;

/** Makes the repository of a transaction. */
export function approvals({ db, orgId }: OrgScope): Approvals {
  const all = db.selectFrom("approvals").selectAll().where("orgId", "=", orgId);
  return {
    async insert({ id, shortId, planId, via, createdAt, approval }) {
      const row = { orgId, id: toUuid(id), shortId, planId: toUuid(planId), via, createdAt };
      await db
        .insertInto("approvals")
        .values({ ...row, ...columnsOf(approval) })
        .execute();
    },
    async find(id) {
      return read(await all.where("id", "=", toUuid(id)).executeTakeFirst());
    },
    async findByShortId(shortId) {
      return read(await all.where("shortId", "=", shortId).executeTakeFirst());
    },
    async findByPlan(plan) {
      const one = all.where("planId", "=", toUuid(plan)).orderBy("id", "desc").limit(1);
      return read(await one.executeTakeFirst());
    },
    async findOpen(hash) {
      const open = all.where("hash", "=", hash).where("state", "in", OPEN);
      return read(await open.executeTakeFirst());
    },
    async listOpen() {
      const rows = await all
        .where("state", "in", OPEN)
        .orderBy("deadline", (order) => order.asc().nullsLast())
        .orderBy("id")
        .limit(LARGEST_PAGE)
        .execute();
      return rows.map(toApproval);
    },
    async listReplaced({ id, action, connection, cluster, highestRisk }) {
      const rows = await db
        .selectFrom("approvals")
        .innerJoin("plans", (both) =>
          both
            .onRef("plans.orgId", "=", "approvals.orgId")
            .onRef("plans.id", "=", "approvals.planId"),
        )
        .selectAll("approvals")
        .where("approvals.orgId", "=", orgId)
        .where("approvals.state", "in", OPEN)
        .where("approvals.risk", "<=", highestRisk)
        .where("plans.id", "<", toUuid(id))
        .where("plans.action", "=", action)
        .where("plans.connection", "=", connection)
        .where("plans.cluster", "=", cluster)
        .orderBy("plans.id", "desc")
        .execute();
      return rows.map(toApproval);
    },
    async lock(id) {
      return read(await all.where("id", "=", toUuid(id)).forUpdate().executeTakeFirst());
    },
    async list({ states, connections, limit = PAGE } = {}) {
      let some = all;
      if (states !== undefined) some = some.where("state", "in", states);
      if (connections !== undefined) {
        const there = db.selectFrom("plans").select("id").where("orgId", "=", orgId);
        some = some.where("planId", "in", there.where(isOneOf(sql.ref("connection"), connections)));
      }
      const rows = await some.orderBy("id", "desc").limit(Math.min(limit, LARGEST_PAGE)).execute();
      return rows.map(toApproval);
    },
    async save(id, next) {
      const { numUpdatedRows } = await db
        .updateTable("approvals")
        .set(columnsOf(next))
        .where("orgId", "=", orgId)
        .where("id", "=", toUuid(id))
        .where("version", "=", next.version - 1)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    async listUnacknowledged() {
      const rows = await all
        .where("glassBrokenBy", "is not", null)
        .where(sql<boolean>`value #> '{breakGlass,acknowledged}' is null`)
        .execute();
      return rows.map(toApproval);
    },
    async glassBreaks(person, since) {
      const rows = await db
        .selectFrom("approvals")
        .select("glassBrokenAt")
        .where("orgId", "=", orgId)
        .where("glassBrokenBy", "=", person)
        .where("glassBrokenAt", ">=", since)
        .execute();
      return rows.flatMap(({ glassBrokenAt }) => glassBrokenAt ?? []);
    },
  };
}

/** What is searched for stands in columns of its own; the whole stands in `value`. */
function columnsOf(approval: Approval) {
  const { state, version, hash, risk, request, breakGlass } = approval;
  return {
    state,
    version,
    hash,
    risk,
    deadline: request?.deadline ?? null,
    glassBrokenBy: breakGlass?.by ?? null,
    glassBrokenAt: breakGlass?.at ?? null,
    value: toJson(approval),
  };
}

function read(row: Selectable<Tables["approvals"]> | undefined): StoredApproval | undefined {
  return row === undefined ? undefined : toApproval(row);
}

function toApproval(row: Selectable<Tables["approvals"]>): StoredApproval {
  const { shortId, via, createdAt, value } = row;
  return {
    id: fromUuid("apr", row.id),
    shortId,
    planId: fromUuid("pln", row.planId),
    via,
    createdAt,
    approval: fromJson(value) as Approval,
  };
}
