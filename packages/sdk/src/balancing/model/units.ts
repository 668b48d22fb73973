import type { TogetherRule } from "@kappa4/connectors";
import { type BrokenBundle, commonMask, placeableBundles } from "./bundle-parts.ts";
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

/** All that moves, and the bundles that had to be taken apart. */
export interface Units {
  readonly all: readonly Unit[];
  /** By guest: number of its unit; -1 for guests that are not running. */
  readonly of: Int32Array;
  readonly broken: readonly BrokenBundle[];
  /** By guest: the nodes where it may be on its own. */
  readonly masks: readonly Uint8Array[];
}

/** Forms the units. A bundle that cannot be on one node is taken apart into parts that can. */
export function buildUnits(model: Model): Units {
  const masks = buildMasks(model);
  const { bundles, broken } = placeableBundles(model, masks);
  const bundled = new Set(bundles.flatMap(({ members }) => members));
  const all = bundles.map(({ members, rules }) => makeUnit(model, masks, members, rules));
  model.counts.forEach((counts, g) => {
    if (counts === 1 && !bundled.has(g)) all.push(makeUnit(model, masks, [g], []));
  });
  // Units of one node get neighbouring numbers: the search looks at them together, and memory is read in lines.
  all.sort((a, b) => a.home - b.home || (a.members[0] ?? 0) - (b.members[0] ?? 0));
  const of = new Int32Array(model.guests.length).fill(-1);
  all.forEach(({ members }, u) => {
    for (const g of members) of[g] = u;
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

function makeUnit(
  model: Model,
  masks: readonly Uint8Array[],
  members: readonly number[],
  rules: readonly TogetherRule[],
): Unit {
  const mask = commonMask(masks, members);
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
