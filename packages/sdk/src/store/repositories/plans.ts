import { type Selectable, sql } from "kysely";
import { fromUuid, type Id, toUuid } from "../../ids.ts";
import type { Tables } from "../tables.ts";
import { isOneOf } from "./is-one-of.ts";
import type { OrgScope } from "./scope.ts";

/** Where a plan is in its life. */
export type PlanState = "draft" | "consumed" | "superseded" | "discarded";

/** A plan, as stored. */
export interface StoredPlan {
  readonly id: Id<"pln">;
  /** What people say, for example `P-7F3K`; unique in the organisation. */
  readonly shortId: string;
  /** The action that made it. */
  readonly action: string;
  readonly connection: string;
  readonly cluster: string;
  readonly input: unknown;
  readonly content: unknown;
  readonly hash: string;
  readonly facts: unknown;
  /** 0 to 4. */
  readonly risk: number;
  readonly state: PlanState;
  readonly requestedBy: string;
  readonly via: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** Which plans are asked for. */
export interface PlanFilter {
  /** Only of these; of none where it is empty. */
  readonly connections?: readonly string[] | undefined;
  readonly state?: PlanState | undefined;
  /** The action that carries it out. */
  readonly action?: string | undefined;
  /** Default 100, at most 500. */
  readonly limit?: number | undefined;
}

/** The plans of an organisation. */
export interface Plans {
  insert(plan: StoredPlan): Promise<void>;
  find(id: Id<"pln">): Promise<StoredPlan | undefined>;
  /** The same, and no other transaction changes it before this one ends. */
  lock(id: Id<"pln">): Promise<StoredPlan | undefined>;
  findByShortId(shortId: string): Promise<StoredPlan | undefined>;
  /** Newest first. */
  list(filter?: PlanFilter): Promise<readonly StoredPlan[]>;
  /** Changes the state where it still is the expected one; tells whether it did. */
  move(id: Id<"pln">, from: PlanState, to: PlanState): Promise<boolean>;
}

const PAGE = 100;
const LARGEST_PAGE = 500;

/** Makes the repository of a transaction. */
export function plans({ db, orgId }: OrgScope): Plans {
  const all = db.selectFrom("plans").selectAll().where("orgId", "=", orgId);
  return {
    async insert({ id, input, content, facts, ...plan }) {
      const texts = {
        input: JSON.stringify(input),
        content: JSON.stringify(content),
        facts: JSON.stringify(facts),
      };
      await db
        .insertInto("plans")
        .values({ ...plan, ...texts, orgId, id: toUuid(id) })
        .execute();
    },
    async find(id) {
      return read(await all.where("id", "=", toUuid(id)).executeTakeFirst());
    },
    async lock(id) {
      return read(await all.where("id", "=", toUuid(id)).forUpdate().executeTakeFirst());
    },
    async findByShortId(shortId) {
      return read(await all.where("shortId", "=", shortId).executeTakeFirst());
    },
    async list({ connections, state, action, limit = PAGE } = {}) {
      let some = all;
      if (connections !== undefined) some = some.where(isOneOf(sql.ref("connection"), connections));
      if (state !== undefined) some = some.where("state", "=", state);
      if (action !== undefined) some = some.where("action", "=", action);
      const rows = await some.orderBy("id", "desc").limit(Math.min(limit, LARGEST_PAGE)).execute();
      return rows.map(toPlan);
    },
    async move(id, from, to) {
      const { numUpdatedRows } = await db
        .updateTable("plans")
        .set({ state: to })
        .where("orgId", "=", orgId)
        .where("id", "=", toUuid(id))
        .where("state", "=", from)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
  };
}

function read(row: Selectable<Tables["plans"]> | undefined): StoredPlan | undefined {
  return row === undefined ? undefined : toPlan(row);
}

function toPlan({ orgId: _, ...row }: Selectable<Tables["plans"]>): StoredPlan {
  return { ...row, id: fromUuid("pln", row.id) };
}
