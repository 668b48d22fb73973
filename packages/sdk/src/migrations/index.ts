import { list } from "./list.ts";

export type { ListMigrationsInput, Migration } from "./list.ts";

/** The moves that were made. */
export interface MigrationsActions {
  /** Lists the moves of a connection that its last 500 runs have made or tried, the newest first. */
  readonly list: typeof list;
}

/** The actions of `kappa4.migrations`. */
export const migrations: MigrationsActions = { list };
