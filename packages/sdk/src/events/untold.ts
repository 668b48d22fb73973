import { z } from "zod";
import { defineAction, type ReadAction } from "../actions/define.ts";
import { instantField } from "../actions/inputs.ts";
import { onOrg } from "../actions/scopes.ts";
import { placeField } from "./delivery.ts";
import { type EventView, eventView } from "./filter.ts";
import { EVENT_TYPES, type EventType } from "./types.ts";

/** Which events, and where they are to be told. */
export interface UntoldEventsInput {
  readonly place: string;
  readonly types: readonly EventType[];
  /** Inclusive. */
  readonly from: Date;
  /** Exclusive. */
  readonly to?: Date | undefined;
  /** At most so many, 500 at the most. Default 500. */
  readonly limit?: number | undefined;
}

/** `events.untold` */
export const untold: ReadAction<UntoldEventsInput, readonly EventView[]> = defineAction<
  UntoldEventsInput,
  readonly EventView[]
>({
  name: "events.untold",
  description:
    "Lists events that can be claimed to be told in one place, emergencies and then the oldest first: nobody has yet, or it did not get through.",
  kind: "read",
  risk: 0,
  permission: "events.read",
  input: z.strictObject({
    place: placeField,
    types: z.array(z.enum(EVENT_TYPES)).min(1).max(50).describe("Only of these types."),
    from: instantField.describe("Not before this."),
    to: instantField.optional().describe("Before this."),
    limit: z
      .int()
      .min(1)
      .max(500)
      .optional()
      .describe("At most so many, 500 at the most. Default 500."),
  }),
  ...onOrg,
  audit: () => ({ targets: ["events"] }),
  async run({ inOrg, clock }, { limit = 500, ...which }) {
    const now = new Date(clock.now());
    const events = await inOrg((tx) => tx.deliveries.due({ ...which, now, limit }));
    return events.map(eventView);
  },
});
