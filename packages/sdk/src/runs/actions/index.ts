import { cancel } from "./cancel.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";
import { wait } from "./wait.ts";
import { watch } from "./watch.ts";

export type { CancelRunInput } from "./cancel.ts";
export type { RunInput } from "./inputs.ts";
export type { ListRunsInput } from "./list.ts";

/** What can be done with runs. */
export interface RunsActions {
  /** Shows how a run stands. Throws `not_found`. */
  readonly get: typeof get;
  /** Lists runs in short, the newest first; `get` shows all of one. */
  readonly list: typeof list;
  /** Follows a run: as it is, each time that it changes, and how it ended. Throws `not_found`. */
  readonly watch: typeof watch;
  /** Waits until a run is over, and shows how it ended. Throws `not_found`. */
  readonly wait: typeof wait;
  /** Starts nothing more of a run; what is under way is followed to its end. Throws `not_found`, `conflict`, `permission`. */
  readonly cancel: typeof cancel;
}

/** The actions of `kappa4.runs`. */
export const runs: RunsActions = { get, list, watch, wait, cancel };
