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

/** Turns apart-rules over guests into groups of units. */
export function buildApartGroups(model: Model, units: Units): readonly ApartGroup[] {
  return model.rules.flatMap((rule): readonly ApartGroup[] => {
    if (rule.kind !== "apart") return [];
    const numbers = runningMembers(model, rule.guests).map((g) => units.of[g] ?? -1);
    const group = [...new Set(numbers)].sort((a, b) => a - b);
    if (group.length < 2) return [];
    const nodes = nodesFor(model, units, group);
    return [{ rule, units: group, share: nodes > 0 ? Math.ceil(group.length / nodes) : 1 }];
  });
}

function nodesFor(model: Model, units: Units, group: readonly number[]): number {
  let nodes = 0;
  for (let n = 0; n < model.nodes.length; n++) {
    if (group.some((u) => units.all[u]?.mask[n] === 1)) nodes++;
  }
  return nodes;
}
