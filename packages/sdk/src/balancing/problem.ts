import { type ApartGroup, buildApartGroups } from "./apart.ts";
import type { Model } from "./model.ts";
import type { Resource } from "./resources.ts";
import { buildUnits, type Unit, type Units } from "./units.ts";

/**
 * A model packed for the search: numbers only, laid out so that a step touches few cache lines.
 * Indexed [node * dims + dim] and [unit * dims + dim].
 */
export interface Problem {
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
  /** By dim: seconds that an amount outside of its window counts as. */
  readonly price: Float64Array;
  /** By guest and by unit: seconds to move. */
  readonly guestSeconds: Float64Array;
  readonly seconds: Float64Array;
  /** By unit: cost by node, where it is not simply all or nothing. */
  readonly table: readonly (Float64Array | undefined)[];
  /** By unit: seconds that being where it must not be counts as. */
  readonly homelessPrice: Float64Array;
  /** By apart group: seconds that each unit too many on a node counts as. */
  readonly groupPrice: Float64Array;
  /** By unit: the node that all members were on, or -1. */
  readonly homeOf: Int32Array;
  /** [maskAt[unit] + node]: 1 where a unit may be. Units that may be on the same nodes share a mask. */
  readonly masks: Uint8Array;
  readonly maskAt: Int32Array;
  /** By unit: 1 where the search may move it for whatever reason. */
  readonly mobile: Uint8Array;
  readonly stores: Stores;
}

/** Node-local storages as numbers. */
interface Stores {
  readonly kinds: number;
  /** [node * kinds + kind]: number of the store, -1 where the node has none of its own. */
  readonly at: Int32Array;
  readonly initial: Float64Array;
  readonly hard: Float64Array;
  /** By unit: what it keeps there; undefined for none. */
  readonly needs: readonly (readonly StoreNeed[] | undefined)[];
}

/** Bytes on one kind of node-local storage. */
export interface StoreNeed {
  readonly kind: number;
  readonly bytes: number;
}

/** What the search is asked for. */
export interface Goal {
  /** Widths of the target windows as fractions, by name of the resource. */
  readonly widths: ReadonlyMap<Resource, number>;
  /** Whether units may be moved that no rule and no drain wants to move. */
  readonly levels: boolean;
}

/** A broken rule counts as this many seconds and this many times the move that would repair it. */
const RULE_SECONDS = 30;
const RULE_FACTOR = 1.3;
/** A wish that is not followed counts as this many seconds and this many times the move that would follow it. */
const WISH_SECONDS = 10;
const WISH_FACTOR = 1.5;
/** Load outside of its window counts as this many times what moving it costs at the cheap end. */
const GAP_FACTOR = 3;

/** Packs a model for a search with the given goal. */
export function buildProblem(model: Model, goal: Goal): Problem {
  const units = buildUnits(model);
  const groups = buildApartGroups(model, units);
  const dims = relevant(model, goal);
  const guestSeconds = secondsOfGuests(model);
  const seconds = Float64Array.from(units.all, ({ members }) =>
    members.reduce((sum, g) => sum + (model.fixed[g] ? 0 : (guestSeconds[g] ?? 0)), 0),
  );
  const packed = pack(model, units, dims);
  const groupsOf = memberships(units.all.length, groups);
  return {
    model,
    units,
    groups,
    groupsOf,
    dims,
    ...packed,
    width: Float64Array.from(dims, (dim) => goal.widths.get(dim) ?? -1),
    price: prices(dims, seconds, packed.weight),
    guestSeconds,
    seconds,
    homelessPrice: seconds.map(rulePrice),
    groupPrice: Float64Array.from(groups, (group) => groupPriceOf(group, seconds)),
    table: units.all.map((unit) => costTable(unit, model, guestSeconds)),
    homeOf: Int32Array.from(units.all, ({ home }) => home),
    ...packMasks(units.all, model.nodes.length),
    mobile: mobileUnits(units.all, groups, goal.levels),
    stores: packStores(model, units.all),
  };
}

/** The same problem, with one node less for one unit. */
export function withoutTarget(problem: Problem, u: number, node: number): Problem {
  const all = problem.units.all.map((unit, number) => {
    if (number !== u) return unit;
    const mask = unit.mask.slice();
    mask[node] = 0;
    return { ...unit, mask };
  });
  const units = { ...problem.units, all };
  return { ...problem, units, ...packMasks(all, problem.model.nodes.length) };
}

/** The same problem, with leave to move every unit that may be moved to level, and no window to keep. */
export function withHelpers(problem: Problem): Problem {
  const mobile = problem.mobile.map((bit, u) => {
    const unit = problem.units.all[u];
    return bit === 1 || (unit?.movable === true && unit.levels) ? 1 : 0;
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
      hard[at] = Math.max(limit[at] ?? 0, dim.initial[n] ?? 0);
    }
    units.all.forEach(({ members }, u) => {
      let sum = 0;
      for (const g of members) sum += dim.weight[g] ?? 0;
      weight[u * dims.length + d] = sum;
    });
  });
  return { weight, initial, capacity, hard, limit };
}

function packMasks(units: readonly Unit[], nodes: number) {
  const places = new Map<Uint8Array, number>();
  for (const { mask } of units) if (!places.has(mask)) places.set(mask, places.size * nodes);
  const masks = new Uint8Array(places.size * nodes);
  for (const [mask, place] of places) masks.set(mask, place);
  return { masks, maskAt: Int32Array.from(units, ({ mask }) => places.get(mask) ?? 0) };
}

/** Seconds by the cost model: a fixed part, memory in use, node-local disks. */
export function secondsOfGuests({ guests, settings, resources }: Model): Float64Array {
  return Float64Array.from(guests, (guest, g) => {
    const memory = guest.status === "stopped" ? 0 : guest.memory.used;
    return (
      settings.migrationOverheadSeconds +
      memory / settings.migrationBytesPerSecond +
      (resources.storages.bytes[g] ?? 0) / settings.localDiskBytesPerSecond
    );
  });
}

/** Seconds per amount, taken from the half of the load that is cheapest to move: that is what a search moves. */
function prices(
  dims: readonly Resource[],
  seconds: Float64Array,
  weight: Float64Array,
): Float64Array {
  return Float64Array.from(dims, (_, d) => {
    const w = (u: number): number => weight[u * dims.length + d] ?? 0;
    const rate = (u: number): number => (seconds[u] ?? 0) / w(u);
    const loaded = [...seconds.keys()].filter((u) => w(u) > 0);
    loaded.sort((a, b) => rate(a) - rate(b) || a - b);
    const half = loaded.reduce((sum, u) => sum + w(u), 0) / 2;
    let amount = 0;
    let cost = 0;
    for (const u of loaded) {
      amount += w(u);
      cost += seconds[u] ?? 0;
      if (amount >= half) break;
    }
    return amount > 0 ? (GAP_FACTOR * cost) / amount : 0;
  });
}

/** More than the repair costs, and not so much that the search could never break a rule on its way to a better place. */
function rulePrice(seconds: number): number {
  return RULE_SECONDS + RULE_FACTOR * seconds;
}

function groupPriceOf({ rule, units }: ApartGroup, seconds: Float64Array): number {
  const dearest = Math.max(...units.map((u) => seconds[u] ?? 0));
  return rule.hard ? rulePrice(dearest) : WISH_SECONDS + WISH_FACTOR * dearest;
}

function costTable(unit: Unit, model: Model, guestSeconds: Float64Array): Float64Array | undefined {
  const { members, unwished } = unit;
  if (members.length === 1 && unwished === undefined) return undefined;
  const table = new Float64Array(model.nodes.length);
  for (const g of members) {
    if (model.fixed[g] !== undefined) continue;
    table.forEach((value, n) => {
      if (model.home[g] !== n) table[n] = value + (guestSeconds[g] ?? 0);
    });
  }
  const own = members.reduce((sum, g) => sum + (guestSeconds[g] ?? 0), 0) / members.length;
  unwished?.forEach((value, n) => {
    table[n] = (table[n] ?? 0) + value * (WISH_SECONDS + WISH_FACTOR * own);
  });
  return table;
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
  levels: boolean,
): Uint8Array {
  const mobile = Uint8Array.from(units, (unit) => {
    const wants = unit.mask[unit.home] !== 1 || (unit.unwished?.[unit.home] ?? 0) > 0;
    return unit.movable && ((levels && unit.levels) || wants) ? 1 : 0;
  });
  for (const { units: group } of groups) {
    const homes = group.map((u) => units[u]?.home ?? -1);
    group.forEach((u, index) => {
      const home = homes[index] ?? -1;
      if (home >= 0 && homes.indexOf(home) === homes.lastIndexOf(home)) return;
      if (units[u]?.movable === true) mobile[u] = 1;
    });
  }
  return mobile;
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
  const needs = units.map(({ members }) => {
    const list = members.flatMap((g) => storages.volumes[g] ?? []);
    if (list.length === 0) return undefined;
    return list.map(({ storage, bytes }) => ({ kind: kindOf.get(storage) ?? 0, bytes }));
  });
  return {
    kinds: kindOf.size,
    at,
    initial: storages.initial,
    hard: storages.limit.map((limit, s) => Math.max(limit, storages.initial[s] ?? 0)),
    needs,
  };
}
