import { z } from "zod";
import type { Id } from "../ids.ts";
import type { StoredDelivery } from "../store/index.ts";

/** How telling people of an event in one place goes. */
export interface DeliveryView {
  readonly event: Id<"evt">;
  /** A surface, for example `slack`. */
  readonly place: string;
  /** `telling`: somebody does it now. `waiting`: it is tried again. `failed`: some could not be told, and it is left. */
  readonly state: StoredDelivery["state"];
  readonly attempt: number;
  /** `waiting`: not before this; `telling`: then somebody else may. */
  readonly until: Date | undefined;
  /** Whether it may have been told twice, or not at all, for want of an answer. */
  readonly isDoubtful: boolean;
  /** Who was told, as null, and who could not be, with the reason. */
  readonly readers: Readonly<Record<string, string | null>>;
  /** What went wrong last. */
  readonly error: string | undefined;
  /** When it last changed. */
  readonly at: Date;
}

/** Checks the name of a surface. */
export const placeField: z.ZodType<string> = z
  .string()
  .min(1)
  .max(50)
  .describe("Where they are told, for example slack.");

/** Shows a delivery. */
export function deliveryView({ eventId, until, error, ...rest }: StoredDelivery): DeliveryView {
  const isOpen = rest.state === "telling" || rest.state === "waiting";
  return {
    ...rest,
    event: eventId,
    until: isOpen ? until : undefined,
    error: error ?? undefined,
  };
}
