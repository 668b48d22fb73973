import type { Model } from "../model/model.ts";
import type { Outcome } from "../order/outcome.ts";
import { meritOf } from "../search/merit.ts";
import { readTargets } from "../search/targets.ts";
import { findFailures } from "./failover.ts";

/** Two figures closer than this are the same, whatever their last digits say. */
const SAME = 1e-9;

/** A plan, and how good it is. */
export interface Candidate {
  readonly outcome: Outcome;
  /** Guests of nodes that are watched which would find no place. */
  readonly uncovered: number;
  /** What counts, the weightiest first and the cost last; less is better. */
  readonly ranks: readonly number[];
}

/** Judges a plan for a cluster, with an eye on the nodes whose failure must stay covered. */
export function judged(model: Model, watched: readonly number[], outcome: Outcome): Candidate {
  const failures = watched.length === 0 ? [] : findFailures(model, outcome.at, watched).failures;
  const uncovered = failures.reduce((sum, { restart }) => sum + restart.left, 0);
  const merit = meritOf(model, readTargets(model), outcome.at);
  const cost = outcome.waves
    .flat()
    .reduce((sum, { guest }) => sum + (outcome.placement.problem.guestSeconds[guest] ?? 0), 0);
  const { violations, overload, excess, wishes } = merit;
  return { outcome, uncovered, ranks: [violations, overload, uncovered, excess, wishes, cost] };
}

/** Whether one is better in the weightiest thing in which they differ. */
export function isBetter(a: Candidate, b: Candidate): boolean {
  for (const [index, rank] of a.ranks.entries()) {
    const other = b.ranks[index] ?? 0;
    if (Math.abs(rank - other) > SAME) return rank < other;
  }
  return false;
}

/** Whether one is no worse than the other in anything but what its moves cost. */
export function keepsUpWith(a: Candidate, b: Candidate): boolean {
  return a.ranks.slice(0, -1).every((rank, index) => rank <= (b.ranks[index] ?? 0) + SAME);
}
