import type { ApartRule } from "@kappa4/connectors";
import { runningMembers } from "./bundles.ts";
import type { Model } from "./model.ts";
import type { Units } from "./units.ts";

/** Units of which no two should be on one node. */
export interface ApartGroup {
  readonly rule: ApartRule;
  /** Unit numbers, rising, each once. */
  readonly units: readonly number[];
  /** How many may share a node: 1, or more when there are more units than nodes for them. */
  readonly share: number;
}

/** Apart-rules in terms of units, and the pairs that a bundle holds together against a rule. */
export interface ApartGroups {
  readonly all: readonly ApartGroup[];
  readonly within: readonly { readonly rule: ApartRule; readonly unit: number }[];
}

/** Turns apart-rules over guests into groups of units. */
export function buildApartGroups(model: Model, units: Units): ApartGroups {
  const all: ApartGroup[] = [];
  const within: { rule: ApartRule; unit: number }[] = [];
  for (const rule of model.rules) {
    if (rule.kind !== "apart") continue;
    const numbers = runningMembers(model, rule.guests).map((g) => units.of[g] ?? -1);
    const once = [...new Set(numbers)].sort((a, b) => a - b);
    for (const unit of once) {
      if (numbers.indexOf(unit) !== numbers.lastIndexOf(unit)) within.push({ rule, unit });
    }
    if (once.length < 2) continue;
    const nodes = nodesFor(model, units, once);
    all.push({ rule, units: once, share: nodes > 0 ? Math.ceil(once.length / nodes) : 1 });
  }
  return { all, within };
}

function nodesFor(model: Model, units: Units, group: readonly number[]): number {
  let nodes = 0;
  for (let n = 0; n < model.nodes.length; n++) {
    if (group.some((u) => units.all[u]?.mask[n] === 1)) nodes++;
  }
  return nodes;
}
