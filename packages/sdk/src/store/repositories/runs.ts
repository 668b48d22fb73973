import { type Selectable, sql } from "kysely";
import { fromJson, toJson } from "../../dated-json.ts";
import { fromUuid, type Id, toUuid } from "../../ids.ts";
import type { Tables } from "../tables.ts";
import { isOneOf } from "./is-one-of.ts";
import type { OrgScope } from "./scope.ts";

/** Where a run is in its life. The last six are final. */
export type RunState =
  | "queued"
  | "running"
  | "succeeded"
  | "partly_failed"
  | "failed"
  | "cancelled"
  | "stale"
  | "skipped";

/** A run, as stored. */
export interface StoredRun {
  readonly id: Id<"run">;
  /** What people say, for example `R-11CD`; unique in the organisation. */
  readonly shortId: string;
  /** The action that is carried out. */
  readonly action: string;
  readonly input: unknown;
  readonly planId: Id<"pln">;
  readonly approvalId: Id<"apr"> | null;
  readonly connection: string;
  /** What only one run at a time may change. */
  readonly cluster: string;
  readonly state: RunState;
  /** How it goes, as the action tells it; null before it tells anything. */
  readonly progress: unknown;
  readonly result: unknown;
  /** Why it did not succeed: a code and a sentence. */
  readonly error: unknown;
  readonly requestedBy: string;
  readonly via: string;
  readonly cancelAskedAt: Date | null;
  readonly cancelAskedBy: string | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
}

/** What of a run changes while it goes on. */
export type RunChange = Partial<
  Pick<
    StoredRun,
    | "state"
    | "progress"
    | "result"
    | "error"
    | "startedAt"
    | "endedAt"
    | "cancelAskedAt"
    | "cancelAskedBy"
  >
>;

/** Which runs are asked for. */
export interface RunFilter {
  readonly states?: readonly RunState[] | undefined;
  /** Only of these; of none where it is empty. */
  readonly connections?: readonly string[] | undefined;
  readonly cluster?: string | undefined;
  readonly action?: string | undefined;
  /** Who asked for it: the id of a person, or the name of another actor. */
  readonly requestedBy?: string | undefined;
  /** Only those asked for since then. */
  readonly since?: Date | undefined;
  /** Only older ones than this. */
  readonly before?: Id<"run"> | undefined;
  /** Default 100, at most 500. */
  readonly limit?: number | undefined;
}

/** Which runs of a cluster are on their way, or ended since then, by whichever connection. */
export interface RecentFilter extends Pick<StoredRun, "action" | "cluster"> {
  readonly since: Date;
}

/** A run with what it carries out, and how many people have voted for that. */
export interface RecentRun {
  readonly run: StoredRun;
  readonly content: unknown;
  readonly votes: number;
}

/** The runs of an organisation. */
export interface Runs {
  insert(run: StoredRun): Promise<void>;
  find(id: Id<"run">): Promise<StoredRun | undefined>;
  findByShortId(shortId: string): Promise<StoredRun | undefined>;
  findByPlan(plan: Id<"pln">): Promise<StoredRun | undefined>;
  /** Newest first. */
  list(filter?: RunFilter): Promise<readonly StoredRun[]>;
  /** Those that are on their way, or began something and ended since then; all of them. */
  listRecent(filter: RecentFilter): Promise<readonly RecentRun[]>;
  /** Changes a run that is in one of these states; tells whether it was. */
  update(id: Id<"run">, states: readonly RunState[], change: RunChange): Promise<boolean>;
}

const PAGE = 100;
const LARGEST_PAGE = 500;

/** Makes the repository of a transaction. */
export function runs({ db, orgId }: OrgScope): Runs {
  const all = db.selectFrom("runs").selectAll().where("orgId", "=", orgId);
  return {
    async insert({ id, planId, approvalId, input, progress, result, error, ...run }) {
      await db
        .insertInto("runs")
        .values({
          ...run,
          orgId,
          id: toUuid(id),
          planId: toUuid(planId),
          approvalId: approvalId === null ? null : toUuid(approvalId),
          input: toJson(input),
          ...texts({ progress, result, error }),
        })
        .execute();
    },
    async find(id) {
      return read(await all.where("id", "=", toUuid(id)).executeTakeFirst());
    },
    async findByShortId(shortId) {
      return read(await all.where("shortId", "=", shortId).executeTakeFirst());
    },
    async findByPlan(plan) {
      return read(await all.where("planId", "=", toUuid(plan)).executeTakeFirst());
    },
    async list(filter = {}) {
      const { states, connections, cluster, action, requestedBy, since, before } = filter;
      const limit = Math.min(filter.limit ?? PAGE, LARGEST_PAGE);
      let some = all;
      if (cluster !== undefined) some = some.where("cluster", "=", cluster);
      if (states !== undefined) some = some.where("state", "in", states);
      if (connections !== undefined) some = some.where(isOneOf(sql.ref("connection"), connections));
      if (action !== undefined) some = some.where("action", "=", action);
      if (requestedBy !== undefined) some = some.where("requestedBy", "=", requestedBy);
      if (since !== undefined) some = some.where("createdAt", ">=", since);
      if (before !== undefined) some = some.where("id", "<", toUuid(before));
      const rows = await some.orderBy("id", "desc").limit(limit).execute();
      return rows.map(toRun);
    },
    async listRecent({ action, cluster, since }) {
      const rows = await db
        .selectFrom("runs")
        .innerJoin("plans", (both) =>
          both.onRef("plans.orgId", "=", "runs.orgId").onRef("plans.id", "=", "runs.planId"),
        )
        .leftJoin("approvals", (both) =>
          both
            .onRef("approvals.orgId", "=", "runs.orgId")
            .onRef("approvals.id", "=", "runs.approvalId"),
        )
        .selectAll("runs")
        .select("plans.content as planned")
        .select(
          sql<number>`coalesce(jsonb_array_length(approvals.value -> 'votes'), 0)`.as("votes"),
        )
        .where("runs.orgId", "=", orgId)
        .where("runs.action", "=", action)
        .where("runs.cluster", "=", cluster)
        .where((of) =>
          of.or([
            of("runs.endedAt", "is", null),
            of.and([of("runs.endedAt", ">=", since), of("runs.startedAt", "is not", null)]),
          ]),
        )
        .execute();
      return rows.map(({ planned, votes, ...row }) => {
        return { run: toRun(row), content: fromJson(planned), votes };
      });
    },
    async update(id, states, { progress, result, error, ...change }) {
      const { numUpdatedRows } = await db
        .updateTable("runs")
        .set({ ...change, ...texts({ progress, result, error }) })
        .where("orgId", "=", orgId)
        .where("id", "=", toUuid(id))
        .where("state", "in", states)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
  };
}

/** What is undefined is left as it is. */
function texts(values: Readonly<Record<string, unknown>>): Record<string, string | null> {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([key, value]) => [key, value === null ? null : toJson(value)]),
  );
}

function read(row: Selectable<Tables["runs"]> | undefined): StoredRun | undefined {
  return row === undefined ? undefined : toRun(row);
}

function toRun({ orgId: _, ...row }: Selectable<Tables["runs"]>): StoredRun {
  return {
    ...row,
    id: fromUuid("run", row.id),
    planId: fromUuid("pln", row.planId),
    approvalId: row.approvalId === null ? null : fromUuid("apr", row.approvalId),
    input: fromJson(row.input),
    progress: fromJson(row.progress),
    result: fromJson(row.result),
    error: fromJson(row.error),
  };
}
