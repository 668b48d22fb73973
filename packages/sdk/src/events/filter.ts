import { z } from "zod";
import { connectionField, instantField } from "../actions/inputs.ts";
import type { EventFilter, StoredEvent } from "../store/index.ts";
import { EVENT_TYPES, type EventType } from "./types.ts";

/** Something that happened. */
export type EventView = Omit<StoredEvent, "dedupeKey">;

/** Which events; what is left out does not narrow. */
export interface EventFilterInput {
  readonly types?: readonly EventType[] | undefined;
  /** Where it happened. */
  readonly connection?: string | undefined;
  /** The id of what it happened to. */
  readonly subject?: string | undefined;
  readonly severities?: readonly StoredEvent["severity"][] | undefined;
  /** Inclusive. */
  readonly from?: Date | undefined;
  /** Exclusive. */
  readonly to?: Date | undefined;
}

/** The fields of {@link EventFilterInput}. */
export const eventFilter: {
  readonly [Field in keyof EventFilterInput]-?: z.ZodType<EventFilterInput[Field]>;
} = {
  types: z.array(z.enum(EVENT_TYPES)).min(1).max(50).optional().describe("Only of these types."),
  connection: connectionField.describe("Only what happened on this connection."),
  subject: z.string().min(1).optional().describe("Only what happened to this, by its id."),
  severities: z
    .array(z.enum(["debug", "info", "notice", "warning", "error", "critical"]))
    .min(1)
    .optional()
    .describe("Only of these severities."),
  from: instantField.optional().describe("Not before this."),
  to: instantField.optional().describe("Before this."),
};

/** Shows an event. */
export function eventView({ dedupeKey: _, ...event }: StoredEvent): EventView {
  return event;
}

/** Tells whether an event is among those that a filter asks for. */
export function isAmong(event: StoredEvent, filter: EventFilter): boolean {
  const { types, connections, subject, severities, from, to } = filter;
  return (
    (types?.includes(event.type) ?? true) &&
    (connections?.includes(connectionOf(event)) ?? true) &&
    (subject === undefined || event.subject === subject) &&
    (severities?.includes(event.severity) ?? true) &&
    (from === undefined || event.at >= from) &&
    (to === undefined || event.at < to)
  );
}

/** What happens to the organisation as a whole has none. */
function connectionOf({ data }: StoredEvent): string {
  const { connection } = Object(data) as { readonly connection?: unknown };
  return typeof connection === "string" ? connection : "";
}
