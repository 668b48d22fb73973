import { Kappa4Error } from "@kappa4/connectors";
import { z } from "zod";
import { type ChangeAction, defineAction } from "../actions/define.ts";
import { onOrg } from "../actions/scopes.ts";
import { isId, newId } from "../ids.ts";
import { systemOnly } from "../users/system-only.ts";

/** Which event is to be told, and where. */
export interface ClaimEventInput {
  /** An event by its id. */
  readonly event: string;
  /** A surface, for example `slack`. */
  readonly place: string;
}

/** Whether it is for the caller to tell it. */
export interface ClaimedEvent {
  /** False when it was claimed for that place before, whoever did. */
  readonly isFirst: boolean;
}

/** `events.claim` */
export const claim: ChangeAction<ClaimEventInput, ClaimedEvent> = defineAction<
  ClaimEventInput,
  ClaimedEvent
>({
  name: "events.claim",
  description: "Takes an event to tell people of it in one place: whoever takes it first tells it.",
  kind: "change",
  risk: 0,
  permission: "system.write",
  input: z.strictObject({
    event: z.string().min(1).describe("An event by its id."),
    place: z.string().min(1).max(50).describe("Where it is told, for example slack."),
  }),
  ...onOrg,
  audit: ({ event, place }) => ({ targets: [`event:${event}`], details: { place } }),
  async run({ tx, clock, caller }, { event: id, place }) {
    systemOnly(caller);
    const event = isId("evt", id) ? await tx.events.find(id) : undefined;
    if (event === undefined) {
      throw new Kappa4Error("not_found", `There is no event ${id}; list them with events.list.`);
    }
    const now = clock.now();
    const isFirst = await tx.events.insert({
      id: newId("evt", now),
      type: "event.told",
      source: place,
      subject: event.id,
      severity: "debug",
      at: new Date(now),
      endAt: null,
      summary: `Told in ${place}: ${event.summary}`,
      data: { type: event.type },
      dedupeKey: `told:${event.id}`,
    });
    return { isFirst };
  },
});
