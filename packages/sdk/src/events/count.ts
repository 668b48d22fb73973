import { z } from "zod";
import { defineAction, type ReadAction } from "../actions/define.ts";
import { onReachable } from "../actions/scopes.ts";
import { type EventFilterInput, eventFilter } from "./filter.ts";

/** How many events there are. */
export interface EventCounts {
  readonly total: number;
  /** By type, for example `{ "run.ended": 3 }`. */
  readonly byType: Readonly<Record<string, number>>;
}

/** `events.count` */
export const count: ReadAction<EventFilterInput, EventCounts> = defineAction<
  EventFilterInput,
  EventCounts
>({
  name: "events.count",
  description: "Counts what has happened, by type.",
  kind: "read",
  risk: 0,
  permission: "events.read",
  input: z.strictObject(eventFilter),
  ...onReachable,
  async run({ inOrg, reached }, { connection: _, ...filter }) {
    const byType = await inOrg(async (tx) =>
      tx.events.count({ ...filter, connections: await reached(tx) }),
    );
    const total = Object.values(byType).reduce((sum, one) => sum + one, 0);
    return { total, byType };
  },
});
