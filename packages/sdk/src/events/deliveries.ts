import { z } from "zod";
import { defineAction, type ReadAction } from "../actions/define.ts";
import { onOrg } from "../actions/scopes.ts";
import { isId } from "../ids.ts";
import { type DeliveryView, deliveryView } from "./delivery.ts";

/** Which deliveries; what is left out does not narrow. */
export interface ListDeliveriesInput {
  readonly states?: readonly DeliveryView["state"][] | undefined;
  /** Events by their ids, 500 at the most. */
  readonly events?: readonly string[] | undefined;
  /** At most so many, 500 at the most. Default 100. */
  readonly limit?: number | undefined;
}

/** `events.deliveries` */
export const deliveries: ReadAction<ListDeliveriesInput, readonly DeliveryView[]> = defineAction<
  ListDeliveriesInput,
  readonly DeliveryView[]
>({
  name: "events.deliveries",
  description: "Lists how telling people of events went, the last that changed first.",
  kind: "read",
  risk: 0,
  permission: "events.read",
  input: z.strictObject({
    states: z
      .array(z.enum(["telling", "waiting", "told", "failed"]))
      .min(1)
      .optional()
      .describe("Only in these states."),
    events: z
      .array(z.string().min(1))
      .min(1)
      .max(500)
      .optional()
      .describe("Only of these events, by their ids."),
    limit: z
      .int()
      .min(1)
      .max(500)
      .optional()
      .describe("At most so many, 500 at the most. Default 100."),
  }),
  ...onOrg,
  audit: () => ({ targets: ["events"] }),
  async run({ inOrg }, { states, events, limit = 100 }) {
    const ids = events?.filter((event) => isId("evt", event));
    if (ids?.length === 0) return [];
    const listed = await inOrg((tx) => tx.deliveries.list({ states, events: ids, limit }));
    return listed.map(deliveryView);
  },
});
