import { check } from "./check.ts";
import { list } from "./list.ts";

export type { ListRulesInput } from "./list.ts";

/** What can be asked about placement rules. */
export interface RulesActions {
  /** Lists the placement rules of a cluster, from tags, pools, HA and configuration. */
  readonly list: typeof list;
  /** Says which placement rules there are, which do not hold, and which cannot. */
  readonly check: typeof check;
}

/** The actions of `kappa4.rules`. */
export const rules: RulesActions = { list, check };
