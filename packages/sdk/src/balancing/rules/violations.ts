import type { PlacementRule } from "@kappa4/connectors";
import { runningMembers } from "../model/bundles.ts";
import type { Model } from "../model/model.ts";

/** A rule that does not hold, and the fewest guests that would have to move for it. */
export interface BrokenRule {
  readonly rule: PlacementRule;
  /** Guest numbers: those that are not where the rule wants them, rising. */
  readonly guests: readonly number[];
}

/** Lists the rules that do not hold in a placement, soft ones too. */
export function brokenRules(model: Model, at: Int32Array): readonly BrokenRule[] {
  return model.rules
    .map((rule) => ({ rule, guests: misplaced(model, at, rule) }))
    .filter(({ guests }) => guests.length > 0);
}

/** Counts guests that would have to move for every hard rule and every drain to hold. */
export function countViolations(model: Model, at: Int32Array): number {
  let count = undrained(model, at).length;
  for (const { rule, guests } of brokenRules(model, at)) if (rule.hard) count += guests.length;
  return count;
}

/** Running guests that are on a node in maintenance. */
export function undrained(model: Model, at: Int32Array): readonly number[] {
  const left: number[] = [];
  at.forEach((n, g) => {
    if (model.draining[n] === 1 && model.counts[g] === 1) left.push(g);
  });
  return left;
}

/** Guests that break a rule: outside of the largest group, more than one on a node, those that stayed there, off their nodes. */
export function misplaced(model: Model, at: Int32Array, rule: PlacementRule): readonly number[] {
  if (rule.kind === "ignore") return [];
  const members = runningMembers(model, rule.guests);
  if (rule.kind === "pin") {
    const nodes = new Set(rule.nodes.map((name) => model.nodeIndex.get(name) ?? -1));
    return members.filter((g) => !nodes.has(at[g] ?? -1));
  }
  const byNode = new Map<number, number[]>();
  for (const g of members) {
    const node = at[g] ?? -1;
    byNode.set(node, [...(byNode.get(node) ?? []), g]);
  }
  const groups = [...byNode.values()];
  if (rule.kind === "apart") {
    const stayed = (g: number): number => Number(at[g] === model.home[g]);
    return groups
      .flatMap((group) => group.sort((a, b) => stayed(a) - stayed(b) || a - b).slice(1))
      .sort((a, b) => a - b);
  }
  const largest = groups.reduce((best, group) => (group.length > best.length ? group : best), []);
  return members.filter((g) => !largest.includes(g));
}
