import type { GuestId, PlacementRule } from "@kappa4/connectors";
import type { Conflict } from "./plan.ts";

/** The rules of a cluster, those that do not hold, and those that cannot. */
export interface RuleReport {
  readonly rules: readonly PlacementRule[];
  readonly violations: readonly RuleViolation[];
  readonly conflicts: readonly Conflict[];
}

/** A rule that does not hold right now. */
export interface RuleViolation {
  readonly rule: string;
  readonly kind: PlacementRule["kind"];
  readonly hard: boolean;
  /** The fewest guests that would have to move. */
  readonly guests: readonly {
    readonly guest: GuestId;
    readonly name: string;
    readonly node: string;
  }[];
  /** One sentence: who is where, and what the rule wants. */
  readonly message: string;
}
