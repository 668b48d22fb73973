import { claim } from "./claim.ts";
import { count } from "./count.ts";
import { list } from "./list.ts";
import { watch } from "./watch.ts";

export type { ClaimEventInput, ClaimedEvent } from "./claim.ts";
export type { EventCounts } from "./count.ts";
export type { EventFilterInput, EventView } from "./filter.ts";
export type { ListEventsInput } from "./list.ts";
export type { WatchEventsInput, WatchedEvent } from "./watch.ts";

/** What has happened, and happens. */
export interface EventsActions {
  /** Lists what has happened, the newest first. */
  readonly list: typeof list;
  /** Counts what has happened, by type. */
  readonly count: typeof count;
  /** Follows what happens: each event once, in the order in which it came to be known; ends with its signal. */
  readonly watch: typeof watch;
  /** Takes an event to tell people of it in one place: whoever takes it first tells it. Only for Kappa4 itself. Throws `not_found`. */
  readonly claim: typeof claim;
}

/** The actions of `kappa4.events`. */
export const events: EventsActions = { list, count, watch, claim };
