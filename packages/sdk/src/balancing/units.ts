import type { TogetherRule } from "@kappa4/connectors";
import { type Bundle, collectBundles } from "./bundles.ts";
import type { Model } from "./model.ts";

/** What moves as one: a guest, or the guests of a bundle. */
export interface Unit {
  /** Guest numbers, rising. */
  readonly members: readonly number[];
  /** By node: 1 where the whole unit may be. */
  readonly mask: Uint8Array;
  /** The node that all members are on; -1 when they are spread. */
  readonly home: number;
  /** Whether any member can move. */
  readonly movable: boolean;
  /** Whether it may be moved just to level. */
  readonly levels: boolean;
  /** Together-rules behind a unit of several members. */
  readonly rules: readonly TogetherRule[];
  /** By node: wishes of the members that are not followed there. */
  readonly unwished: Float64Array | undefined;
}

/** A bundle that cannot be on one node. */
export interface BrokenBundle {
  readonly bundle: Bundle;
  /** Set when even an otherwise empty node is too small. */
  readonly tooLarge: boolean;
}

/** All that moves, and the bundles that had to be taken apart. */
export interface Units {
  readonly all: readonly Unit[];
  /** By guest: number of its unit; -1 for guests that are not running. */
  readonly of: Int32Array;
  readonly broken: readonly BrokenBundle[];
  /** By guest: the nodes where it may be on its own. */
  readonly masks: readonly Uint8Array[];
}

/** Forms the units. A bundle that no node can take is taken apart into the largest parts that some node can take. */
export function buildUnits(model: Model): Units {
  const masks = buildMasks(model);
  const { bundles, broken } = placeableBundles(model, masks);
  const of = new Int32Array(model.guests.length).fill(-1);
  const all: Unit[] = [];
  for (const { members, rules } of bundles) {
    for (const g of members) of[g] = all.length;
    all.push(makeUnit(model, masks, members, rules));
  }
  model.counts.forEach((counts, g) => {
    if (counts !== 1 || of[g] !== -1) return;
    of[g] = all.length;
    all.push(makeUnit(model, masks, [g], []));
  });
  return { all, of, broken, masks };
}

/** Guests of one reach class without pins share their mask. */
function buildMasks(model: Model): readonly Uint8Array[] {
  const byClass = model.reach.masks.map((mask) =>
    mask.map((bit, n) => bit & (model.active[n] ?? 0)),
  );
  return model.guests.map((_, g) => {
    const home = model.home[g] ?? -1;
    const common = byClass[model.reach.classOf[g] ?? -1] ?? new Uint8Array(model.nodes.length);
    const allowed = model.pins.get(g)?.allowed;
    const staysPut = model.fixed[g] !== undefined;
    const homeMissing = home >= 0 && model.active[home] === 1 && common[home] !== 1;
    if (allowed === undefined && !staysPut && !homeMissing) return common;
    const mask = staysPut ? new Uint8Array(common.length) : common.slice();
    if (home >= 0 && model.active[home] === 1) mask[home] = 1;
    if (allowed !== undefined && !staysPut)
      allowed.forEach((bit, n) => {
        mask[n] = (mask[n] ?? 0) & bit;
      });
    return mask;
  });
}

function placeableBundles(
  model: Model,
  masks: readonly Uint8Array[],
): { readonly bundles: readonly Bundle[]; readonly broken: readonly BrokenBundle[] } {
  const dropped = new Set<TogetherRule>();
  for (;;) {
    const soft = collectBundles(model, dropped)
      .filter((bundle) => whyBroken(model, masks, bundle) !== undefined)
      .flatMap(({ rules }) => rules.filter((rule) => !rule.hard));
    if (soft.length === 0) break;
    for (const rule of soft) dropped.add(rule);
  }
  const bundles: Bundle[] = [];
  const broken: BrokenBundle[] = [];
  for (const bundle of collectBundles(model, dropped)) {
    const why = whyBroken(model, masks, bundle);
    if (why === undefined) bundles.push(bundle);
    else {
      broken.push({ bundle, tooLarge: why === "too-large" });
      bundles.push(...parts(model, masks, bundle, why));
    }
  }
  return { bundles, broken };
}

function whyBroken(
  model: Model,
  masks: readonly Uint8Array[],
  { members }: Bundle,
): "nowhere" | "too-large" | undefined {
  const mask = common(masks, members);
  if (!mask.includes(1)) return "nowhere";
  const together = members.every((g) => model.home[g] === model.home[members[0] ?? -1]);
  if (together && mask[model.home[members[0] ?? -1] ?? -1] === 1) return undefined;
  return mask.some((bit, n) => bit === 1 && fitsAlone(model, members, n)) ? undefined : "too-large";
}

/** Whether a node could take these guests if no other guest were there. */
export function fitsAlone(model: Model, members: readonly number[], n: number): boolean {
  return model.resources.all.every(({ limit, own, weight }) => {
    const added = members.reduce((sum, g) => sum + (weight[g] ?? 0), 0);
    return Math.max(0, own[n] ?? 0) + added <= (limit[n] ?? 0);
  });
}

/** Takes a bundle apart: by node where guests are now if it is too large, else greedily by the node that takes most. */
function parts(
  model: Model,
  masks: readonly Uint8Array[],
  bundle: Bundle,
  why: "nowhere" | "too-large",
): readonly Bundle[] {
  const found: Bundle[] = [];
  let rest = bundle.members;
  while (rest.length > 0) {
    const group = why === "too-large" ? sameHome(model, rest) : largestGroup(model, masks, rest);
    if (group.length > 1) found.push({ members: group, rules: bundle.rules });
    rest = rest.filter((g) => !group.includes(g));
  }
  return found;
}

function sameHome(model: Model, members: readonly number[]): readonly number[] {
  return members.filter((g) => model.home[g] === model.home[members[0] ?? -1]);
}

function largestGroup(
  model: Model,
  masks: readonly Uint8Array[],
  members: readonly number[],
): readonly number[] {
  let best: readonly number[] = members.slice(0, 1);
  let bestAtHome = 0;
  for (let n = 0; n < model.nodes.length; n++) {
    const group = members.filter((g) => masks[g]?.[n] === 1);
    const atHome = group.filter((g) => model.home[g] === n).length;
    if (group.length > best.length || (group.length === best.length && atHome > bestAtHome)) {
      best = group;
      bestAtHome = atHome;
    }
  }
  return best;
}

function common(masks: readonly Uint8Array[], members: readonly number[]): Uint8Array {
  const first = masks[members[0] ?? -1] ?? new Uint8Array(0);
  if (members.length === 1) return first;
  return first.map((bit, n) => (members.every((g) => masks[g]?.[n] === 1) ? bit : 0));
}

function makeUnit(
  model: Model,
  masks: readonly Uint8Array[],
  members: readonly number[],
  rules: readonly TogetherRule[],
): Unit {
  const mask = common(masks, members);
  const firstHome = model.home[members[0] ?? -1] ?? -1;
  const home = members.every((g) => model.home[g] === firstHome) ? firstHome : -1;
  const wishes = members
    .map((g) => model.pins.get(g)?.unwished)
    .filter((wish) => wish !== undefined);
  return {
    members,
    mask,
    home,
    movable: mask.includes(1) && members.some((g) => model.fixed[g] === undefined),
    levels: members.every((g) => model.fixed[g] === undefined && model.unlevelled[g] === undefined),
    rules,
    unwished: wishes.length === 0 ? undefined : sumOf(wishes, mask.length),
  };
}

function sumOf(lists: readonly Float64Array[], size: number): Float64Array {
  const sum = new Float64Array(size);
  for (const list of lists)
    list.forEach((value, n) => {
      sum[n] = (sum[n] ?? 0) + value;
    });
  return sum;
}
