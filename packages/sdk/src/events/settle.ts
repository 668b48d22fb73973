import { Kappa4Error } from "@kappa4/connectors";
import { z } from "zod";
import { type ChangeAction, defineAction } from "../actions/define.ts";
import { onOrg } from "../actions/scopes.ts";
import { isId } from "../ids.ts";
import type { DeliveryChange } from "../store/index.ts";
import { systemOnly } from "../users/system-only.ts";
import { LEASE_MS } from "./claim.ts";
import { placeField } from "./delivery.ts";

/** A claim, and whom it has reached. */
export interface SettledClaim {
  readonly event: string;
  /** As the claim named it. */
  readonly attempt: number;
  /** Who was told of this event by now, as null, and who could not be, with the reason. Default: as before. */
  readonly readers?: Readonly<Record<string, string | null>> | undefined;
}

/** What came of claims. */
export interface SettleEventsInput {
  /** What was claimed. */
  readonly events: readonly SettledClaim[];
  readonly place: string;
  /**
   * `told`: all have heard of it. `telling`: some have, and the claim holds on. `waiting`: it did not get through and
   * is to be tried again. `failed`: it is left.
   */
  readonly state: DeliveryChange["state"];
  /** `waiting`: how long nobody is to try, in milliseconds. Default 10000. */
  readonly retryInMs?: number | undefined;
  /** What went wrong. */
  readonly error?: string | undefined;
  /** Whether it may have got through all the same. Default false. */
  readonly isDoubtful?: boolean | undefined;
}

/** `events.settle` */
export const settle: ChangeAction<SettleEventsInput, undefined> = defineAction<
  SettleEventsInput,
  undefined
>({
  name: "events.settle",
  description: "Says what came of events that were claimed: told, to be tried again, or given up.",
  kind: "change",
  risk: 0,
  permission: "system.write",
  input: z.strictObject({
    events: z
      .array(
        z.strictObject({
          event: z.string().min(1).describe("An event by its id."),
          attempt: z.int().min(1).describe("As the claim named it."),
          readers: z
            .record(z.string().min(1), z.string().max(1000).nullable())
            .optional()
            .describe("Who was told, as null, or why they could not be. Default: as before."),
        }),
      )
      .min(1)
      .max(500)
      .describe(
        "What was claimed, each with the attempt that its claim named, and who was told, as null, or could not be, with the reason.",
      ),
    place: placeField,
    state: z.enum(["told", "telling", "waiting", "failed"]).describe("What came of it."),
    retryInMs: z
      .int()
      .min(0)
      .max(86_400_000)
      .optional()
      .describe("How long nobody is to try, in milliseconds. Default 10000."),
    error: z.string().max(1000).optional().describe("What went wrong."),
    isDoubtful: z.boolean().optional().describe("Whether it may have got through all the same."),
  }),
  ...onOrg,
  audit: ({ events, place, state }) => ({
    targets: events.map(({ event }) => `event:${event}`),
    details: { place, state },
  }),
  async run({ tx, clock, caller }, { events, place, state, error, ...rest }) {
    systemOnly(caller);
    const now = clock.now();
    const waitMs = state === "waiting" ? (rest.retryInMs ?? 10_000) : LEASE_MS;
    const change: DeliveryChange = {
      ...{ state, isDoubtful: rest.isDoubtful ?? false, at: new Date(now) },
      ...{ until: new Date(now + waitMs), error: error ?? null },
    };
    for (const { event, attempt, readers } of events) {
      const claimed = isId("evt", event) ? { eventId: event, place, attempt } : undefined;
      const told = readers === undefined ? change : { ...change, readers };
      if (claimed === undefined || !(await tx.deliveries.settle(claimed, told))) {
        throw new Kappa4Error(
          "conflict",
          `Event ${event} is not this caller's to tell in ${place} any more; claim it again.`,
        );
      }
    }
    return undefined;
  },
});
