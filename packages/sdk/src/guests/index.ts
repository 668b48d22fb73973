import { get } from "./get.ts";
import { list } from "./list.ts";

export type { GetGuestInput } from "./get.ts";
export type { ListGuestsInput } from "./list.ts";

/** What can be asked about guests. */
export interface GuestsActions {
  /** Lists the guests of a cluster, all or those of a node, a pool, a tag or a status. */
  readonly list: typeof list;
  /** Shows one guest with its disks, networks and locks. Throws `not_found`. */
  readonly get: typeof get;
}

/** The actions of `kappa4.guests`. */
export const guests: GuestsActions = { list, get };
