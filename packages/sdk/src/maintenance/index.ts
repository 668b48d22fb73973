import { enter } from "./enter.ts";
import { leave } from "./leave.ts";
import { list } from "./list.ts";

export type { NodeInMaintenance } from "../settings/maintenance.ts";
export type { MaintenanceInput } from "./inputs.ts";

/** Nodes that are to be empty. */
export interface MaintenanceActions {
  /** Lists the nodes that were put into maintenance here, by whom and why; not those that the cluster itself marks. */
  readonly list: typeof list;
  /** Puts a node into maintenance: every plan from then on empties it; nothing moves by this alone. Throws `not_found` for a node that is not there, `conflict` when it is so already. */
  readonly enter: typeof enter;
  /** Takes a node out of maintenance: plans may use it again. Throws `not_found`. */
  readonly leave: typeof leave;
}

/** The actions of `kappa4.maintenance`. */
export const maintenance: MaintenanceActions = { list, enter, leave };
