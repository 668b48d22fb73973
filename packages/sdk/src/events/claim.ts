import { Kappa4Error } from "@kappa4/connectors";
import { z } from "zod";
import { type ChangeAction, defineAction } from "../actions/define.ts";
import { onOrg } from "../actions/scopes.ts";
import { type Id, isId } from "../ids.ts";
import { systemOnly } from "../users/system-only.ts";
import { placeField } from "./delivery.ts";

/** Which events are to be told, and where. */
export interface ClaimEventsInput {
  /** Events by their ids, 500 at the most. */
  readonly events: readonly string[];
  /** A surface, for example `slack`. */
  readonly place: string;
  /** How long nobody else is to tell them, in milliseconds. Default 120000. */
  readonly leaseMs?: number | undefined;
}

/** An event that is the caller's to tell. */
export interface ClaimedEvent {
  readonly event: Id<"evt">;
  /** Names this claim when it is settled. */
  readonly attempt: number;
  /** Whether an earlier attempt may have told it: it ended without a word. */
  readonly isDoubtful: boolean;
  /** Who was told by earlier attempts, as null, and who could not be, with the reason. */
  readonly readers: Readonly<Record<string, string | null>>;
}

/** How long a claim holds unless something else is asked for: longer than a surface takes with all its tries. */
export const LEASE_MS = 120_000;

/** `events.claim` */
export const claim: ChangeAction<ClaimEventsInput, readonly ClaimedEvent[]> = defineAction<
  ClaimEventsInput,
  readonly ClaimedEvent[]
>({
  name: "events.claim",
  description:
    "Takes events to tell people of them in one place; what another tells or has told is left out.",
  kind: "change",
  risk: 0,
  permission: "system.write",
  input: z.strictObject({
    events: z.array(z.string().min(1)).min(1).max(500).describe("Events by their ids."),
    place: placeField,
    leaseMs: z
      .int()
      .min(1)
      .max(3_600_000)
      .optional()
      .describe("How long nobody else is to tell them, in milliseconds. Default 120000."),
  }),
  ...onOrg,
  audit: ({ events, place }) => ({
    targets: events.map((event) => `event:${event}`),
    details: { place },
  }),
  async run({ tx, clock, caller }, { events, place, leaseMs = LEASE_MS }) {
    systemOnly(caller);
    const ids = events.map((event) => {
      if (isId("evt", event)) return event;
      throw unknown(event);
    });
    for (const id of ids) if ((await tx.events.find(id)) === undefined) throw unknown(id);
    const now = clock.now();
    const time = { now: new Date(now), until: new Date(now + leaseMs) };
    const claimed = await tx.deliveries.claim(ids, place, time);
    return claimed.map(({ eventId, attempt, isDoubtful, readers }) => ({
      ...{ event: eventId, attempt, isDoubtful, readers },
    }));
  },
});

function unknown(event: string): Kappa4Error {
  return new Kappa4Error("not_found", `There is no event ${event}; list them with events.list.`);
}
