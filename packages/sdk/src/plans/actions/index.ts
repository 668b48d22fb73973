import { discard } from "./discard.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";

export type { PlanDetails } from "./get.ts";
export type { PlanNameInput } from "./inputs.ts";
export type { ListPlansInput } from "./list.ts";

/** What can be done with stored plans. */
export interface PlansActions {
  /** Lists plans, the newest first. */
  readonly list: typeof list;
  /** Shows a plan, and what has become of it. Throws `not_found`. */
  readonly get: typeof get;
  /** Sets a plan aside so that nobody applies it: one's own, or as somebody who may apply plans any. Throws `permission`, `conflict`. */
  readonly discard: typeof discard;
}

/** The actions of `kappa4.plans`. */
export const plans: PlansActions = { list, get, discard };
