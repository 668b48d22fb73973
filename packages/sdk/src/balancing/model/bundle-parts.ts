import type { TogetherRule } from "@kappa4/connectors";
import { type Bundle, collectBundles, runningMembers } from "./bundles.ts";
import type { Model } from "./model.ts";

/** Why guests cannot be on one node: none may have them all, none is large enough, or a rule forbids it. */
export type BreakCause = "nowhere" | "too-large" | "apart";

/** A bundle that cannot be on one node. */
export interface BrokenBundle {
  readonly bundle: Bundle;
  readonly cause: BreakCause;
}

/**
 * Collects bundles and takes those apart that cannot be on one node. Guests of such a bundle that are on one
 * node now stay together, so that nothing gets worse; parts that can be joined are joined.
 */
export function placeableBundles(
  model: Model,
  masks: readonly Uint8Array[],
): { readonly bundles: readonly Bundle[]; readonly broken: readonly BrokenBundle[] } {
  const test = bundleTest(model, masks);
  const bundles: Bundle[] = [];
  const broken: BrokenBundle[] = [];
  for (const bundle of collectBundles(model, hopelessWishes(model, test))) {
    const cause = test(bundle.members);
    if (cause === undefined) {
      bundles.push(bundle);
      continue;
    }
    broken.push({ bundle, cause });
    for (const members of partsOf(model, bundle.members, test)) {
      if (members.length > 1) bundles.push({ members, rules: bundle.rules });
    }
  }
  return { bundles, broken };
}

/** The nodes that all members may be on. */
export function commonMask(masks: readonly Uint8Array[], members: readonly number[]): Uint8Array {
  const first = masks[members[0] ?? -1] ?? new Uint8Array(0);
  if (members.length === 1) return first;
  return first.map((bit, n) => (members.every((g) => masks[g]?.[n] === 1) ? bit : 0));
}

/** Whether a node could take these guests if no other guest were there. */
export function fitsAlone(model: Model, members: readonly number[], n: number): boolean {
  return model.resources.all.every(({ limit, own, weight }) => {
    const added = members.reduce((sum, g) => sum + (weight[g] ?? 0), 0);
    return Math.max(0, own[n] ?? 0) + added <= (limit[n] ?? 0);
  });
}

type BundleTest = (members: readonly number[]) => BreakCause | undefined;

function bundleTest(model: Model, masks: readonly Uint8Array[]): BundleTest {
  const rulesOf = apartRulesByGuest(model);
  return (members) => {
    const rules = members.flatMap((g) => rulesOf.get(g) ?? []);
    if (new Set(rules).size !== rules.length) return "apart";
    const mask = commonMask(masks, members);
    if (!mask.includes(1)) return "nowhere";
    const home = model.home[members[0] ?? -1] ?? -1;
    if (mask[home] === 1 && members.every((g) => model.home[g] === home)) return undefined;
    const fits = mask.some((bit, n) => bit === 1 && fitsAlone(model, members, n));
    return fits ? undefined : "too-large";
  };
}

function apartRulesByGuest(model: Model): ReadonlyMap<number, readonly string[]> {
  const rulesOf = new Map<number, string[]>();
  for (const rule of model.rules) {
    if (rule.kind !== "apart" || !rule.hard) continue;
    for (const g of runningMembers(model, rule.guests)) {
      const rules = rulesOf.get(g);
      if (rules === undefined) rulesOf.set(g, [rule.id]);
      else rules.push(rule.id);
    }
  }
  return rulesOf;
}

/** Soft together-rules in bundles that cannot be: the hard ones have to do without them. */
function hopelessWishes(model: Model, test: BundleTest): ReadonlySet<TogetherRule> {
  const dropped = new Set<TogetherRule>();
  for (;;) {
    const soft = collectBundles(model, dropped)
      .filter(({ members }) => test(members) !== undefined)
      .flatMap(({ rules }) => rules.filter((rule) => !rule.hard));
    if (soft.length === 0) return dropped;
    for (const rule of soft) dropped.add(rule);
  }
}

function partsOf(
  model: Model,
  members: readonly number[],
  test: BundleTest,
): readonly (readonly number[])[] {
  const homes = [...new Set(members.map((g) => model.home[g] ?? -1))];
  let left: readonly (readonly number[])[] = homes
    .map((home) => members.filter((g) => model.home[g] === home))
    .sort((a, b) => b.length - a.length);
  const parts: (readonly number[])[] = [];
  while (left.length > 0) {
    let part: readonly number[] = [];
    const rest: (readonly number[])[] = [];
    for (const group of left) {
      const joined = [...part, ...group].sort((a, b) => a - b);
      if (part.length === 0 || test(joined) === undefined) part = joined;
      else rest.push(group);
    }
    parts.push(part);
    left = rest;
  }
  return parts;
}
