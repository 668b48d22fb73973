import type { ApartGroup } from "../model/apart.ts";
import type { Model } from "../model/model.ts";
import type { Unit } from "../model/units.ts";

/** What everything costs, in seconds. */
export interface Costs {
  /** By guest: the migration. */
  readonly guestSeconds: Float64Array;
  /** By unit: the same for all members, with what their downtime counts as. */
  readonly seconds: Float64Array;
  /** The unit in the middle: what is usual. */
  readonly usualSeconds: number;
  /** By unit: by node, with wishes that are not followed there; undefined where it is simply all or nothing. */
  readonly table: readonly (Float64Array | undefined)[];
  /** By unit: being where it must not be. */
  readonly homelessPrice: Float64Array;
  /** By apart group: each unit too many on a node. */
  readonly groupPrice: Float64Array;
  /** By dim: an amount outside of its window. */
  readonly price: Float64Array;
}

/**
 * A broken rule counts as this many usual moves and this many times the move that would repair it: more than
 * the repair costs, and not so much that the search could never break a rule on its way to a better place.
 */
const RULE_MOVES = 3;
const RULE_FACTOR = 1.3;
/** A wish that is not followed counts as one usual move and this many times the move that would follow it. */
const WISH_FACTOR = 1.5;
/**
 * Moving a guest again that was moved recently counts as its move and a usual one more; taking it back, as two more. It is
 * less than a broken rule: what a rule needs is never left undone for it.
 */
const AGAIN_MOVES = 1;
const BACK_MOVES = 1;
/** Load outside of its window counts as this many times what moving it costs at the cheap end. */
const GAP_FACTOR = 3;

/** Works out what moves cost, and weighs rules, wishes and load against them. `weight` is [unit * dims + dim]. */
export function buildCosts(
  model: Model,
  units: readonly Unit[],
  groups: readonly ApartGroup[],
  weight: Float64Array,
  dims: number,
): Costs {
  const guestSeconds = secondsOfGuests(model);
  const prices = guestSeconds.map((seconds, g) => seconds + downtimeSeconds(model, g));
  const seconds = Float64Array.from(units, ({ members }) =>
    members.reduce((sum, g) => sum + (model.fixed[g] ? 0 : (prices[g] ?? 0)), 0),
  );
  const usualSeconds = seconds.toSorted()[Math.floor(seconds.length / 2)] ?? 1;
  const rulePrice = (own: number): number => RULE_MOVES * usualSeconds + RULE_FACTOR * own;
  const wishPrice = (own: number): number => usualSeconds + WISH_FACTOR * own;
  return {
    guestSeconds,
    seconds,
    usualSeconds,
    table: units.map((unit) => costTable(unit, model, prices, wishPrice, usualSeconds)),
    homelessPrice: seconds.map(rulePrice),
    groupPrice: Float64Array.from(groups, ({ rule, units: members }) => {
      const dearest = Math.max(...members.map((u) => seconds[u] ?? 0));
      return rule.hard ? rulePrice(dearest) : wishPrice(dearest);
    }),
    price: Float64Array.from({ length: dims }, (_, d) => priceOf(d, dims, seconds, weight)),
  };
}

function secondsOfGuests(model: Model): Float64Array {
  return Float64Array.from(model.guests, (_, g) => secondsOf(model, g));
}

/**
 * Seconds that moving a guest takes by the cost model: a fixed part, memory in use, node-local disks. What a running VM
 * writes to while its memory is copied has to be copied again; a container is stopped, and a paused VM writes nothing.
 */
export function secondsOf({ guests, settings, resources }: Model, g: number): number {
  const guest = guests[g];
  const memory = guest?.status === "stopped" ? 0 : (guest?.memory.used ?? 0);
  const isLive = guest?.type === "qemu" && guest.status === "running";
  const copied = memory * (isLive ? settings.dirtyFactor : 1);
  return (
    settings.migrationOverheadSeconds +
    copied / settings.migrationBytesPerSecond +
    (resources.storages.bytes[g] ?? 0) / settings.localDiskBytesPerSecond
  );
}

/** What the downtime of a guest that is stopped and started counts as. */
function downtimeSeconds({ guests, counts, settings }: Model, g: number): number {
  return counts[g] === 1 && guests[g]?.type === "lxc" ? settings.restartSeconds : 0;
}

function costTable(
  { members, unwished }: Unit,
  model: Model,
  prices: Float64Array,
  wishPrice: (own: number) => number,
  usualSeconds: number,
): Float64Array | undefined {
  const rested = members.filter((g) => model.rests.has(g));
  if (members.length === 1 && unwished === undefined && rested.length === 0) return undefined;
  const table = new Float64Array(model.nodes.length);
  for (const g of members) {
    if (model.fixed[g] !== undefined) continue;
    table.forEach((value, n) => {
      if (model.home[g] !== n) table[n] = value + (prices[g] ?? 0);
    });
  }
  const own = members.reduce((sum, g) => sum + (prices[g] ?? 0), 0) / members.length;
  for (const g of rested) disturb(table, model, g, usualSeconds);
  unwished?.forEach((value, n) => {
    table[n] = (table[n] ?? 0) + value * wishPrice(own);
  });
  return table;
}

/** A guest that was moved recently is the last choice, and its former nodes are the last places for it. */
function disturb(table: Float64Array, model: Model, g: number, price: number): void {
  const rest = model.rests.get(g);
  table.forEach((value, n) => {
    if (model.home[g] === n) return;
    const again = rest?.bar === undefined ? 0 : AGAIN_MOVES;
    const back = rest?.returns.includes(n) === true ? BACK_MOVES : 0;
    table[n] = value + (again + back) * price;
  });
}

/** Seconds per amount, taken from the half of the load that is cheapest to move: that is what a search moves. */
function priceOf(d: number, dims: number, seconds: Float64Array, weight: Float64Array): number {
  const w = (u: number): number => weight[u * dims + d] ?? 0;
  const rate = (u: number): number => (seconds[u] ?? 0) / w(u);
  const loaded = [...seconds.keys()].filter((u) => w(u) > 0 && (seconds[u] ?? 0) > 0);
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
}
