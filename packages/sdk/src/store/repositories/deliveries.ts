import { type Selectable, sql } from "kysely";
import { fromUuid, type Id, toUuid } from "../../ids.ts";
import type { Tables } from "../tables.ts";
import { type StoredEvent, toEvent } from "./events.ts";
import type { OrgScope } from "./scope.ts";

/** How telling people of an event in one place goes. */
export interface StoredDelivery {
  readonly eventId: Id<"evt">;
  /** A surface, for example `slack`. */
  readonly place: string;
  /** `telling`: somebody does it now. `waiting`: it is tried again. `failed`: it is not. */
  readonly state: "telling" | "waiting" | "told" | "failed";
  /** Rises with each claim: what an earlier one says of it is refused. */
  readonly attempt: number;
  /** `telling`: whose it is then is open again. `waiting`: not before this. */
  readonly until: Date;
  /** An attempt ended without anybody knowing whether it got through. */
  readonly isDoubtful: boolean;
  /** Who was told, as null, and who could not be, with the reason. */
  readonly readers: Readonly<Record<string, string | null>>;
  readonly error: string | null;
  /** When it last changed. */
  readonly at: Date;
}

/** What comes of a claim. */
export type DeliveryChange = Pick<StoredDelivery, "state" | "until" | "isDoubtful" | "at"> &
  Partial<Pick<StoredDelivery, "readers" | "error">>;

/** Which events are to be told. */
export interface DueEvents {
  readonly place: string;
  readonly types: readonly string[];
  readonly from: Date;
  /** Exclusive. */
  readonly to?: Date | undefined;
  readonly now: Date;
  readonly limit: number;
}

/** What people of an organisation are told of events. */
export interface Deliveries {
  /** Events that nobody has told in a place, or that are to be tried again there; emergencies, then the oldest first. */
  due(which: DueEvents): Promise<readonly StoredEvent[]>;
  /** Takes events until an instant; those that another has, or that are settled, are left out. */
  claim(
    events: readonly Id<"evt">[],
    place: string,
    time: { readonly now: Date; readonly until: Date },
  ): Promise<readonly StoredDelivery[]>;
  /** Writes down what came of a claim; false when another has claimed it since. */
  settle(
    claim: Pick<StoredDelivery, "eventId" | "place" | "attempt">,
    change: DeliveryChange,
  ): Promise<boolean>;
  /** The last that changed first. */
  list(filter: {
    readonly states?: readonly StoredDelivery["state"][] | undefined;
    readonly events?: readonly Id<"evt">[] | undefined;
    readonly limit: number;
  }): Promise<readonly StoredDelivery[]>;
}

/** Makes the repository of a transaction. */
export function deliveries({ db, orgId }: OrgScope): Deliveries {
  return {
    async due({ place, types, from, to, now, limit }) {
      const rows = await db
        .selectFrom("events")
        .leftJoin("deliveries", (join) =>
          join
            .onRef("deliveries.orgId", "=", "events.orgId")
            .onRef("deliveries.eventId", "=", "events.id")
            .on("deliveries.place", "=", place),
        )
        .selectAll("events")
        .where("events.orgId", "=", orgId)
        .where("type", "in", types)
        .where("events.at", ">=", from)
        .where((row) => (to === undefined ? row.lit(true) : row("events.at", "<", to)))
        .where((row) =>
          row.or([
            row("deliveries.eventId", "is", null),
            row.and([
              row("deliveries.state", "in", ["telling", "waiting"]),
              row("deliveries.until", "<=", now),
            ]),
          ]),
        )
        .orderBy(sql`(events.severity = 'critical') desc`)
        .orderBy("events.id")
        .limit(limit)
        .execute();
      return rows.map(toEvent);
    },
    async claim(events, place, { now, until }) {
      // In one order for all: two who claim the same wait for each other, never crosswise.
      const ids = [...new Set(events.map(toUuid))].sort();
      if (ids.length === 0) return [];
      const fresh = { state: "telling", attempt: 1, isDoubtful: false, readers: "{}" } as const;
      const rows = await db
        .insertInto("deliveries")
        .values(ids.map((eventId) => ({ orgId, eventId, place, until, at: now, ...fresh })))
        .onConflict((conflict) =>
          conflict
            .columns(["orgId", "eventId", "place"])
            .doUpdateSet({
              state: "telling",
              attempt: sql`deliveries.attempt + 1`,
              // Whoever had it has said nothing of it: they may have come as far as to tell it.
              isDoubtful: sql`deliveries.is_doubtful or deliveries.state = 'telling'`,
              until,
              at: now,
            })
            .where("deliveries.state", "in", ["telling", "waiting"])
            .where("deliveries.until", "<=", now),
        )
        .returningAll()
        .execute();
      return rows.map(toDelivery);
    },
    async settle({ eventId, place, attempt }, { readers, isDoubtful, until, ...change }) {
      // Who goes on telling keeps the time that was claimed, however long.
      const open = change.state === "telling" ? sql<Date>`greatest(until, ${until})` : until;
      const { numUpdatedRows } = await db
        .updateTable("deliveries")
        .set({ ...change, ...(readers === undefined ? {} : { readers: JSON.stringify(readers) }) })
        .set({ until: open, isDoubtful: isDoubtful ? true : sql`is_doubtful` })
        .where("orgId", "=", orgId)
        .where("eventId", "=", toUuid(eventId))
        .where("place", "=", place)
        .where("state", "=", "telling")
        .where("attempt", "=", attempt)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    async list({ states, events, limit }) {
      let some = db.selectFrom("deliveries").selectAll().where("orgId", "=", orgId);
      if (states !== undefined) some = some.where("state", "in", states);
      if (events !== undefined) some = some.where("eventId", "in", events.map(toUuid));
      const rows = await some.orderBy("at", "desc").orderBy("eventId").limit(limit).execute();
      return rows.map(toDelivery);
    },
  };
}

function toDelivery({
  orgId: _,
  readers,
  ...row
}: Selectable<Tables["deliveries"]>): StoredDelivery {
  return {
    ...row,
    eventId: fromUuid("evt", row.eventId),
    readers: readers as StoredDelivery["readers"],
  };
}
