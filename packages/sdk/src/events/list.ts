import { Kappa4Error } from "@kappa4/connectors";
import { z } from "zod";
import { defineAction, type ReadAction } from "../actions/define.ts";
import { onReachable } from "../actions/scopes.ts";
import { type Id, isId } from "../ids.ts";
import { type EventFilterInput, type EventView, eventFilter, eventView } from "./filter.ts";

/** Which events, and how many. */
export interface ListEventsInput extends EventFilterInput {
  /** Only these, by their ids, 500 at the most. */
  readonly ids?: readonly string[] | undefined;
  /** Older than this event, by its id: the last one of the page before. */
  readonly before?: string | undefined;
  /** At most so many, 500 at the most. Default 100. */
  readonly limit?: number | undefined;
}

/** `events.list` */
export const list: ReadAction<ListEventsInput, readonly EventView[]> = defineAction<
  ListEventsInput,
  readonly EventView[]
>({
  name: "events.list",
  description: "Lists what has happened, the newest first.",
  kind: "read",
  risk: 0,
  permission: "events.read",
  input: z.strictObject({
    ...eventFilter,
    ids: z
      .array(z.string().min(1))
      .min(1)
      .max(500)
      .optional()
      .describe("Only these, by their ids."),
    before: z.string().min(1).optional().describe("Older than this event, by its id."),
    limit: z
      .int()
      .min(1)
      .max(500)
      .optional()
      .describe("At most so many, 500 at the most. Default 100."),
  }),
  ...onReachable,
  run({ inOrg, reached }, { connection: _, before, ids, ...filter }) {
    const only = {
      before: before === undefined ? undefined : eventId(before),
      ids: ids?.map(eventId),
    };
    return inOrg(async (tx) => {
      const connections = await reached(tx);
      return (await tx.events.list({ ...filter, ...only, connections })).map(eventView);
    });
  },
});

function eventId(text: string): Id<"evt"> {
  if (isId("evt", text)) return text;
  throw new Kappa4Error(
    "invalid_argument",
    `${text} is not the id of an event; events.list has them.`,
  );
}
