import { claim } from "./claim.ts";
import { count } from "./count.ts";
import { deliveries } from "./deliveries.ts";
import { list } from "./list.ts";
import { settle } from "./settle.ts";
import { untold } from "./untold.ts";
import { watch } from "./watch.ts";

export type { ClaimEventsInput, ClaimedEvent } from "./claim.ts";
export type { EventCounts } from "./count.ts";
export type { ListDeliveriesInput } from "./deliveries.ts";
export type { DeliveryView } from "./delivery.ts";
export type { EventFilterInput, EventView } from "./filter.ts";
export type { ListEventsInput } from "./list.ts";
export type { SettledClaim, SettleEventsInput } from "./settle.ts";
export type { UntoldEventsInput } from "./untold.ts";
export type { WatchEventsInput, WatchedEvent } from "./watch.ts";

/** What has happened, and happens. */
export interface EventsActions {
  /** Lists what has happened, the newest first. */
  readonly list: typeof list;
  /** Counts what has happened, by type. */
  readonly count: typeof count;
  /** Follows what happens: each event once, in the order in which it came to be known; ends with its signal. */
  readonly watch: typeof watch;
  /** Lists events that can be claimed to be told in one place, emergencies and then the oldest first. */
  readonly untold: typeof untold;
  /**
   * Takes events for a while, to tell people of them in one place; what another tells or has told is left out. Only for
   * Kappa4 itself. Throws `not_found`.
   */
  readonly claim: typeof claim;
  /** Says what came of events that were claimed. Only for Kappa4 itself. Throws `conflict` when another has them by now. */
  readonly settle: typeof settle;
  /** Lists how telling people of events went, the last that changed first. */
  readonly deliveries: typeof deliveries;
}

/** The actions of `kappa4.events`. */
export const events: EventsActions = {
  list,
  count,
  watch,
  untold,
  claim,
  settle,
  deliveries,
};
