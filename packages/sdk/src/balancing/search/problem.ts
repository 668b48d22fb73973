import { type ApartGroup, buildApartGroups } from "../model/apart.ts";
import { hardLimit } from "../model/hard-limit.ts";
import type { Model } from "../model/model.ts";
import type { Resource } from "../model/resources.ts";
import { buildUnits, type Unit, type Units } from "../model/units.ts";
import { buildCosts, type Costs } from "./costs.ts";
import { content, crowdedIn, keepQuiet, type Quiet } from "./quiet.ts";

/**
 * A model packed for the search: numbers only, laid out so that a step touches few cache lines.
 * Indexed [node * dims + dim] and [unit * dims + dim].
 */
export interface Problem extends Costs {
  readonly model: Model;
  readonly units: Units;
  readonly groups: readonly ApartGroup[];
  /** By unit: numbers of its apart groups; undefined for none. */
  readonly groupsOf: readonly (Int32Array | undefined)[];
  readonly dims: readonly Resource[];
  readonly weight: Float64Array;
  readonly initial: Float64Array;
  readonly capacity: Float64Array;
  /** What is not exceeded: the limit, or what is in use already. */
  readonly hard: Float64Array;
  readonly limit: Float64Array;
  /** By dim: width of the target window as a fraction; -1 where the resource is not levelled. */
  readonly width: Float64Array;
  /** By unit: the node that all members were on, or -1. */
  readonly homeOf: Int32Array;
  /** [maskAt[unit] + node]: 1 where a unit may be. Units that may be on the same nodes share a mask. */
  readonly masks: Uint8Array;
  readonly maskAt: Int32Array;
  /** By unit: 1 where the search may move it for whatever reason. */
  readonly mobile: Uint8Array;
  readonly quiet: Quiet;
  /** Whether what is usually left alone may be moved like the rest. */
  readonly disturbs: boolean;
  readonly stores: Stores;
}

/** Node-local storages as numbers. */
interface Stores {
  readonly kinds: number;
  /** [node * kinds + kind]: number of the store, -1 where the node has none of its own. */
  readonly at: Int32Array;
  readonly initial: Float64Array;
  readonly hard: Float64Array;
  /** What a unit keeps there: entries `first[unit]` to below `first[unit + 1]` of `kind` and `bytes`. */
  readonly first: Int32Array;
  readonly kind: Int32Array;
  readonly bytes: Float64Array;
}

/** What the search is asked for. */
export interface Goal {
  /** Widths of the target windows as fractions, by name of the resource. */
  readonly widths: ReadonlyMap<Resource, number>;
  /** Whether units may be moved that no rule and no drain wants to move. */
  readonly levels: boolean;
  /** The same, and only to bring nodes down to their limits. */
  readonly relieves?: boolean | undefined;
  /** Whether a wish that is not followed is reason enough for a move. Default true. */
  readonly follows?: boolean | undefined;
  /** Whether what is usually left alone may be moved like the rest. Default: only by drains and hard rules. */
  readonly disturbs?: boolean | undefined;
}

/** Packs a model for a search with the given goal. */
export function buildProblem(model: Model, goal: Goal): Problem {
  const units = buildUnits(model);
  const groups = buildApartGroups(model, units);
  const { disturbs = false, follows = true } = goal;
  const priced = follows ? units.all : units.all.map(content);
  const quiet = keepQuiet(model, units.all, groups, disturbs);
  const dims = relevant(model, goal);
  const packed = pack(model, units, dims);
  return {
    model,
    units,
    groups,
    groupsOf: memberships(units.all.length, groups),
    dims,
    ...packed,
    width: Float64Array.from(dims, (dim) => goal.widths.get(dim) ?? -1),
    ...buildCosts(model, priced, groups, packed.weight, dims.length),
    homeOf: Int32Array.from(units.all, ({ home }) => home),
    quiet,
    ...packMasks(quiet.where, model.nodes.length),
    mobile: mobileUnits(units.all, groups, goal, quiet.resting),
    disturbs,
    stores: packStores(model, units.all),
  };
}

/** The same problem, with one node less for one unit. */
export function withoutTarget(problem: Problem, u: number, node: number): Problem {
  const where = problem.quiet.where.map((mask, number) => {
    if (number !== u) return mask;
    const narrowed = mask.slice();
    narrowed[node] = 0;
    return narrowed;
  });
  const quiet = { ...problem.quiet, where };
  return { ...problem, quiet, ...packMasks(where, problem.model.nodes.length) };
}

/** The same problem, with leave to move every unit that may be moved to level, and no window to keep. */
export function withHelpers(problem: Problem): Problem {
  const mobile = problem.mobile.map((bit, u) => {
    const unit = problem.units.all[u];
    const mayHelp = unit?.movable === true && unit.levels && problem.quiet.resting[u] !== 1;
    return bit === 1 || mayHelp ? 1 : 0;
  });
  return { ...problem, mobile, width: problem.width.map(() => -1) };
}

function relevant(model: Model, goal: Goal): readonly Resource[] {
  return model.resources.all.filter(
    (resource) =>
      goal.widths.has(resource) || resource.limit.some((limit) => limit < Number.POSITIVE_INFINITY),
  );
}

function pack(model: Model, units: Units, dims: readonly Resource[]) {
  const nodes = model.nodes.length;
  const size = nodes * dims.length;
  const weight = new Float64Array(units.all.length * dims.length);
  const initial = new Float64Array(size);
  const capacity = new Float64Array(size);
  const hard = new Float64Array(size);
  const limit = new Float64Array(size);
  dims.forEach((dim, d) => {
    for (let n = 0; n < nodes; n++) {
      const at = n * dims.length + d;
      initial[at] = dim.initial[n] ?? 0;
      capacity[at] = dim.capacity[n] ?? 1;
      limit[at] = Math.floor(dim.limit[n] ?? 0);
      hard[at] = hardLimit(dim.limit[n] ?? 0, dim.initial[n] ?? 0);
    }
    units.all.forEach(({ members }, u) => {
      let sum = 0;
      for (const g of members) sum += dim.weight[g] ?? 0;
      weight[u * dims.length + d] = sum;
    });
  });
  return { weight, initial, capacity, hard, limit };
}

function packMasks(where: readonly Uint8Array[], nodes: number) {
  const places = new Map<Uint8Array, number>();
  for (const mask of where) if (!places.has(mask)) places.set(mask, places.size * nodes);
  const masks = new Uint8Array(places.size * nodes);
  for (const [mask, place] of places) masks.set(mask, place);
  return { masks, maskAt: Int32Array.from(where, (mask) => places.get(mask) ?? 0) };
}

function memberships(
  units: number,
  groups: readonly ApartGroup[],
): readonly (Int32Array | undefined)[] {
  const lists: (number[] | undefined)[] = new Array(units);
  groups.forEach((group, number) => {
    for (const u of group.units) {
      const list = lists[u];
      if (list === undefined) lists[u] = [number];
      else list.push(number);
    }
  });
  return Array.from(lists, (list) => (list === undefined ? undefined : Int32Array.from(list)));
}

/** A unit that may not be moved just to level is mobile when a rule or a drain speaks for moving it. */
function mobileUnits(
  units: readonly Unit[],
  groups: readonly ApartGroup[],
  { levels, relieves = false, follows = true }: Goal,
  resting: Uint8Array,
): Uint8Array {
  const mobile = Uint8Array.from(units, (unit) => {
    const wishes = follows && (unit.unwished?.[unit.home] ?? 0) > 0;
    const wants = unit.mask[unit.home] !== 1 || wishes;
    return unit.movable && (((levels || relieves) && unit.levels) || wants) ? 1 : 0;
  });
  for (const { rule, units: group } of groups) {
    if (!rule.hard && !follows) continue;
    for (const u of crowdedIn(units, group)) if (units[u]?.movable === true) mobile[u] = 1;
  }
  return mobile.map((bit, u) => (resting[u] === 1 ? 0 : bit));
}

function packStores(model: Model, units: readonly Unit[]): Stores {
  const { storages } = model.resources;
  const kindOf = new Map<string, number>();
  for (const numbers of storages.at) {
    for (const id of [...numbers.keys()].sort()) if (!kindOf.has(id)) kindOf.set(id, kindOf.size);
  }
  const at = new Int32Array(model.nodes.length * kindOf.size).fill(-1);
  storages.at.forEach((numbers, n) => {
    for (const [id, number] of numbers) at[n * kindOf.size + (kindOf.get(id) ?? 0)] = number;
  });
  const first = new Int32Array(units.length + 1);
  const kind: number[] = [];
  const bytes: number[] = [];
  units.forEach(({ members }, u) => {
    for (const volume of members.flatMap((g) => storages.volumes[g] ?? [])) {
      kind.push(kindOf.get(volume.storage) ?? 0);
      bytes.push(volume.bytes);
    }
    first[u + 1] = kind.length;
  });
  return {
    kinds: kindOf.size,
    at,
    initial: storages.initial,
    hard: storages.limit.map((limit, s) => hardLimit(limit, storages.initial[s] ?? 0)),
    first,
    kind: Int32Array.from(kind),
    bytes: Float64Array.from(bytes),
  };
}
