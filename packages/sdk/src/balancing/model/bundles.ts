import type { TogetherRule } from "@kappa4/connectors";
import type { Model } from "./model.ts";

/** Guests that rules want on one node, directly or through a common member. */
export interface Bundle {
  /** Guest numbers, rising. */
  readonly members: readonly number[];
  /** In the order of their ids. */
  readonly rules: readonly TogetherRule[];
}

/**
 * Joins together-rules with a common member. Guests in no such rule are in no bundle.
 * Rules in `dropped` are left out.
 */
export function collectBundles(
  model: Model,
  dropped: ReadonlySet<TogetherRule>,
): readonly Bundle[] {
  const joined = new DisjointSets();
  const firstOf = new Map<TogetherRule, number>();
  for (const rule of model.rules) {
    if (rule.kind !== "together" || dropped.has(rule)) continue;
    const members = runningMembers(model, rule.guests);
    const first = members[0];
    if (first === undefined || members.length < 2) continue;
    firstOf.set(rule, first);
    for (const g of members) joined.join(first, g);
  }
  const bundles = new Map<number, { members: number[]; rules: TogetherRule[] }>();
  for (const g of joined.all()) {
    const root = joined.rootOf(g);
    const bundle = bundles.get(root);
    if (bundle === undefined) bundles.set(root, { members: [g], rules: [] });
    else bundle.members.push(g);
  }
  for (const [rule, first] of firstOf) bundles.get(joined.rootOf(first))?.rules.push(rule);
  return [...bundles.values()];
}

/** Numbers of the guests that a rule applies to right now, rising. */
export function runningMembers(model: Model, ids: readonly (number | string)[]): readonly number[] {
  return ids
    .map((id) => model.guestIndex.get(id) ?? -1)
    .filter((g) => model.counts[g] === 1)
    .sort((a, b) => a - b);
}

/** Sets that grow together; the smallest number stands for its set. */
class DisjointSets {
  readonly #parent = new Map<number, number>();

  rootOf(item: number): number {
    let root = item;
    for (let up = this.#parent.get(root); up !== undefined && up !== root; ) {
      root = up;
      up = this.#parent.get(root);
    }
    this.#parent.set(item, root);
    return root;
  }

  join(a: number, b: number): void {
    const [low, high] = [this.rootOf(a), this.rootOf(b)].sort((x, y) => x - y);
    if (low !== undefined && high !== undefined) this.#parent.set(high, low);
  }

  all(): readonly number[] {
    return [...this.#parent.keys()].sort((a, b) => a - b);
  }
}
