import { z } from "zod";
import type { LookContext } from "../actions/context.ts";
import { defineAction, type ReadAction } from "../actions/define.ts";
import { onReachable } from "../actions/scopes.ts";
import {
  type EventFilterInput,
  type EventView,
  eventFilter,
  eventView,
  isAmong,
} from "./filter.ts";

/** Which events, and from where on. */
export interface WatchEventsInput extends EventFilterInput {
  /** A place that was told before. Default: now; `start`: from the first event that is kept. */
  readonly cursor?: string | undefined;
}

/** An event as it is told. */
export interface WatchedEvent {
  readonly event: EventView;
  /** The place after it: to go on from, also in another process. */
  readonly cursor: string;
}

const CURSOR = /^\d{1,20}:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const START = "start";
const FIRST = "0:00000000-0000-0000-0000-000000000000";
const LOOK_MS = 500;
const PAGE = 100;

/** `events.watch` */
export const watch: ReadAction<WatchEventsInput, AsyncIterable<WatchedEvent>> = defineAction<
  WatchEventsInput,
  AsyncIterable<WatchedEvent>
>({
  name: "events.watch",
  description: "Follows what happens: each event once, in the order in which it came to be known.",
  kind: "read",
  risk: 0,
  permission: "events.read",
  input: z.strictObject({
    ...eventFilter,
    cursor: z
      .union([z.literal(START), z.string().regex(CURSOR, "must be a place that was told before")])
      .optional()
      .describe("A place that was told before; `start`: from the first event. Default: now."),
  }),
  ...onReachable,
  async run(context, { connection: _, cursor: given, ...filter }) {
    const cursor = await context.inOrg(async (tx) => {
      await context.reached(tx);
      return given ?? tx.events.cursor();
    });
    return follow(context, cursor === START ? FIRST : cursor, filter);
  },
});

async function* follow(
  { inOrg, reached, clock, signal }: LookContext,
  from: string,
  filter: EventFilterInput,
): AsyncGenerator<WatchedEvent, void, undefined> {
  let last = from;
  while (true) {
    signal?.throwIfAborted();
    // What the caller reaches may be another part by now.
    const { events, cursor, connections } = await inOrg(async (tx) => {
      return { ...(await tx.events.after(last, PAGE)), connections: await reached(tx) };
    });
    last = cursor;
    for (const { cursor: place, ...event } of events) {
      if (isAmong(event, { ...filter, connections }))
        yield { event: eventView(event), cursor: place };
    }
    if (events.length < PAGE) await clock.sleep(LOOK_MS, signal);
  }
}
