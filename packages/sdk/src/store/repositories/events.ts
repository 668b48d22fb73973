import { type Selectable, sql } from "kysely";
import { fromUuid, type Id, toUuid } from "../../ids.ts";
import type { Tables } from "../tables.ts";
import { HORIZON } from "./horizon.ts";
import { isOneOf } from "./is-one-of.ts";
import type { OrgScope } from "./scope.ts";

/** Something that happened, as stored. */
export interface StoredEvent {
  readonly id: Id<"evt">;
  /** For example `run.started`. */
  readonly type: string;
  readonly source: string;
  /** The id of what it happened to. */
  readonly subject: string | null;
  readonly severity: "debug" | "info" | "notice" | "warning" | "error" | "critical";
  readonly at: Date;
  readonly endAt: Date | null;
  readonly summary: string;
  readonly data: unknown;
  /** Unique per source: the same thing told twice is stored once. */
  readonly dedupeKey: string | null;
}

/** Which events are asked for. */
export interface EventFilter {
  readonly types?: readonly string[] | undefined;
  readonly subject?: string | undefined;
  readonly severities?: readonly StoredEvent["severity"][] | undefined;
  /** Only what happened on these connections; nothing where it is empty. */
  readonly connections?: readonly string[] | undefined;
  /** Inclusive. */
  readonly from?: Date | undefined;
  /** Exclusive. */
  readonly to?: Date | undefined;
  readonly ids?: readonly Id<"evt">[] | undefined;
  /** Older than this event. */
  readonly before?: Id<"evt"> | undefined;
  /** Default 100, at most 500. */
  readonly limit?: number | undefined;
}

/** A place in the order in which events became visible; opaque, and the same after a restart. */
export type EventCursor = string;

/** An event in the order in which events became visible. */
export interface FollowedEvent extends StoredEvent {
  /** The place after it. */
  readonly cursor: EventCursor;
}

/** The events of an organisation. */
export interface Events {
  /** Tells whether it was new. */
  insert(event: StoredEvent): Promise<boolean>;
  find(id: Id<"evt">): Promise<StoredEvent | undefined>;
  /** Newest first. */
  list(filter?: EventFilter): Promise<readonly StoredEvent[]>;
  /** Events whose summary has these words, newest first: `migrated -failed "web 01"`. */
  search(
    words: string,
    page?: Pick<EventFilter, "from" | "to" | "before" | "limit">,
  ): Promise<readonly StoredEvent[]>;
  /** How many there are of each type. */
  count(filter?: EventFilter): Promise<Readonly<Record<string, number>>>;
  /** The place after everything that is visible now. */
  cursor(): Promise<EventCursor>;
  /** What became visible after a place, oldest first, and the next place; nothing is left out or told twice. */
  after(
    cursor: EventCursor,
    limit?: number,
  ): Promise<{ readonly events: readonly FollowedEvent[]; readonly cursor: EventCursor }>;
}

const PAGE = 100;
const LARGEST_PAGE = 500;
const LAST_UUID = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/** Makes the repository of a transaction. */
export function events({ db, orgId }: OrgScope): Events {
  const all = db.selectFrom("events").where("orgId", "=", orgId);

  function matching(filter: EventFilter) {
    const { types, subject, severities, from, to, before, ids, connections } = filter;
    let some = all;
    if (types !== undefined) some = some.where("type", "in", types);
    if (subject !== undefined) some = some.where("subject", "=", subject);
    if (severities !== undefined) some = some.where("severity", "in", severities);
    if (connections !== undefined) {
      some = some.where(isOneOf(sql`data ->> 'connection'`, connections));
    }
    if (from !== undefined) some = some.where("at", ">=", from);
    if (to !== undefined) some = some.where("at", "<", to);
    if (ids !== undefined) some = some.where("id", "in", ids.map(toUuid));
    if (before !== undefined) some = some.where("id", "<", toUuid(before));
    return some;
  }

  return {
    async insert(event) {
      const row = { ...event, orgId, id: toUuid(event.id), data: JSON.stringify(event.data) };
      const { numInsertedOrUpdatedRows = 0n } = await db
        .insertInto("events")
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return numInsertedOrUpdatedRows > 0n;
    },
    async find(id) {
      const row = await all.selectAll().where("id", "=", toUuid(id)).executeTakeFirst();
      return row === undefined ? undefined : toEvent(row);
    },
    async list(filter = {}) {
      const limit = Math.min(filter.limit ?? PAGE, LARGEST_PAGE);
      const rows = await matching(filter).selectAll().orderBy("id", "desc").limit(limit).execute();
      return rows.map(toEvent);
    },
    async search(words, { from, to, before, limit = PAGE } = {}) {
      const older = before === undefined ? null : toUuid(before);
      const { rows } = await sql<Selectable<Tables["events"]>>`
        select * from search_events(${words}, ${from ?? null}::timestamptz,
          ${to ?? null}::timestamptz, ${older}::uuid, ${limit}::integer)`.execute(db);
      return rows.map(toEvent);
    },
    async count(filter = {}) {
      const rows = await matching(filter)
        .select(["type", (count) => count.fn.countAll<number>().as("count")])
        .groupBy("type")
        .execute();
      return Object.fromEntries(rows.map(({ type, count }) => [type, count]));
    },
    async cursor() {
      const { rows } = await sql<{
        at: string;
      }>`select ${HORIZON}::text::numeric - 1 as at`.execute(db);
      return `${rows[0]?.at ?? "0"}:${LAST_UUID}`;
    },
    async after(cursor, limit = PAGE) {
      const [xid = "0", id = ""] = cursor.split(":");
      // Rows become visible in another order than their ids were made in. Below the horizon nothing can appear any
      // more, so a place in the order of transactions misses nothing.
      const rows = await all
        .selectAll()
        .where(sql<boolean>`(xid, id) > (${xid}::xid8, ${id}::uuid)`)
        .where(sql<boolean>`xid < ${HORIZON}`)
        .orderBy("xid")
        .orderBy("id")
        .limit(Math.min(limit, LARGEST_PAGE))
        .execute();
      const events = rows.map((row) => ({ ...toEvent(row), cursor: `${row.xid}:${row.id}` }));
      return { events, cursor: events.at(-1)?.cursor ?? cursor };
    },
  };
}

/** Reads a row of events. */
export function toEvent({ orgId: _, xid: __, ...row }: Selectable<Tables["events"]>): StoredEvent {
  return { ...row, id: fromUuid("evt", row.id) };
}
