import { runningMembers } from "../model/bundles.ts";
import type { Model } from "../model/model.ts";
import type { Problem } from "../search/problem.ts";

/** One guest's way from node to node, by number. */
export interface Transfer {
  readonly guest: number;
  readonly from: number;
  readonly to: number;
  /** Guest that this transfer makes room for, where it has no other reason. */
  readonly roomFor?: number | undefined;
}

/**
 * The cluster while transfers are under way. A guest that travels counts on both nodes until its wave is
 * over; then its old place is free.
 */
export class Traffic {
  readonly #problem: Problem;
  readonly #model: Model;
  readonly at: Int32Array;
  readonly #load: Float64Array;
  readonly #stores: Float64Array;
  /** By apart rule: guests on each node. */
  readonly #crowds: readonly Int32Array[];
  readonly #rulesOf: ReadonlyMap<number, readonly number[]>;
  /** By apart rule and node: how many guests may be there when the last of them has arrived. */
  readonly #allowed: readonly Int32Array[];
  /** By apart rule: its running guests. */
  readonly #members: readonly (readonly number[])[];
  /** By guest: where it is to be. */
  readonly #end: Int32Array;
  #wave: Transfer[] = [];
  readonly #inflow: Int32Array;
  readonly #outflow: Int32Array;

  constructor(problem: Problem, end: Int32Array) {
    this.#problem = problem;
    this.#model = problem.model;
    this.at = problem.model.home.slice();
    this.#load = problem.initial.slice();
    this.#stores = problem.stores.initial.slice();
    const groups = problem.groups.filter(({ rule }) => rule.hard);
    const members = groups.map(({ rule }) => runningMembers(this.#model, rule.guests));
    const nodes = this.#model.nodes.length;
    this.#crowds = members.map((guests) => countAt(guests, this.at, nodes));
    this.#allowed = groups.map(({ share }, rule) => {
      const guests = members[rule] ?? [];
      const mayShare = crowdedBy(guests, end) <= crowdedBy(guests, this.at) ? share : 1;
      return allowedAt(guests, problem.units.of, mayShare, end, nodes);
    });
    this.#members = members;
    this.#end = end;
    this.#rulesOf = invert(members);
    this.#inflow = new Int32Array(nodes);
    this.#outflow = new Int32Array(nodes);
  }

  /** Whether a transfer can join the wave under way. */
  admits({ guest, from, to }: Transfer): boolean {
    const { settings } = this.#model;
    return (
      this.#wave.length < settings.maxParallel &&
      (this.#inflow[to] ?? 0) < settings.maxInflowPerNode &&
      (this.#outflow[from] ?? 0) < settings.maxOutflowPerNode &&
      this.at[guest] === from &&
      this.#wave.every((other) => other.guest !== guest) &&
      this.hasRoom(guest, to) &&
      this.isApart(guest, to)
    );
  }

  /** Whether a node can hold a guest besides all that is there, coming or not yet gone. */
  hasRoom(guest: number, to: number): boolean {
    const { dims, hard } = this.#problem;
    const fits = dims.every((dim, d) => {
      const i = to * dims.length + d;
      const weight = dim.weight[guest] ?? 0;
      return weight === 0 || (this.#load[i] ?? 0) + weight <= (hard[i] ?? 0);
    });
    return fits && this.#hasStorage(guest, to);
  }

  /** Whether no guest that must be apart is on the node, coming, or not yet gone; those that have to share it in the end may. */
  isApart(guest: number, to: number): boolean {
    return (this.#rulesOf.get(guest) ?? []).every((rule) => {
      const there = this.#crowds[rule]?.[to] ?? 0;
      if (there === 0) return true;
      return there < (this.#allowed[rule]?.[to] ?? 1) && this.#sharesInTheEnd(rule, guest, to);
    });
  }

  /** Whether a guest and all guests of a rule that are on a node, or coming, are to be there. */
  #sharesInTheEnd(rule: number, guest: number, to: number): boolean {
    const isThere = (g: number): boolean =>
      this.at[g] === to || this.#wave.some((other) => other.guest === g && other.to === to);
    const members = this.#members[rule] ?? [];
    return this.#end[guest] === to && members.every((g) => this.#end[g] === to || !isThere(g));
  }

  start(transfer: Transfer): void {
    this.#wave.push(transfer);
    this.#inflow[transfer.to] = (this.#inflow[transfer.to] ?? 0) + 1;
    this.#outflow[transfer.from] = (this.#outflow[transfer.from] ?? 0) + 1;
    this.#shift(transfer.guest, transfer.to, 1);
  }

  /** Ends the wave under way and returns it. */
  finishWave(): readonly Transfer[] {
    const wave = this.#wave;
    for (const { guest, from, to } of wave) {
      this.#shift(guest, from, -1);
      this.at[guest] = to;
    }
    this.#wave = [];
    this.#inflow.fill(0);
    this.#outflow.fill(0);
    return wave;
  }

  /** Runs `look` as if a guest were gone from its node. */
  without<Result>(guest: number, look: () => Result): Result {
    const node = this.at[guest] ?? -1;
    this.#shift(guest, node, -1);
    this.at[guest] = -1;
    const result = look();
    this.at[guest] = node;
    this.#shift(guest, node, 1);
    return result;
  }

  #hasStorage(guest: number, to: number): boolean {
    const { storages } = this.#model.resources;
    return (storages.volumes[guest] ?? []).every(({ storage, bytes }) => {
      const store = storages.at[to]?.get(storage);
      if (store === undefined) return true;
      return (this.#stores[store] ?? 0) + bytes <= (this.#problem.stores.hard[store] ?? 0);
    });
  }

  #shift(guest: number, node: number, sign: number): void {
    const { dims } = this.#problem;
    dims.forEach((dim, d) => {
      const i = node * dims.length + d;
      this.#load[i] = (this.#load[i] ?? 0) + sign * (dim.weight[guest] ?? 0);
    });
    const { storages } = this.#model.resources;
    for (const { storage, bytes } of storages.volumes[guest] ?? []) {
      const store = storages.at[node]?.get(storage);
      if (store !== undefined) this.#stores[store] = (this.#stores[store] ?? 0) + sign * bytes;
    }
    for (const rule of this.#rulesOf.get(guest) ?? []) {
      const crowd = this.#crowds[rule];
      if (crowd !== undefined) crowd[node] = (crowd[node] ?? 0) + sign;
    }
  }
}

function countAt(guests: readonly number[], at: Int32Array, nodes: number): Int32Array {
  const count = new Int32Array(nodes);
  for (const g of guests) {
    const node = at[g] ?? -1;
    if (node >= 0) count[node] = (count[node] ?? 0) + 1;
  }
  return count;
}

/** How many guests are on a node that has another of them. */
function crowdedBy(guests: readonly number[], at: Int32Array): number {
  return guests.length - new Set(guests.map((g) => at[g])).size;
}

/**
 * What the end has on each node, as far as the rule can hold or must give way: one unit a node, or as many as have to
 * share it. Nobody joins a crowd beyond that, even if the end was found with it in exchange for other rules.
 */
function allowedAt(
  guests: readonly number[],
  unitOf: Int32Array,
  share: number,
  end: Int32Array,
  nodes: number,
): Int32Array {
  return countAt(guests, end, nodes).map((count, n) => {
    if (count <= share) return Math.max(1, count);
    const units = new Set(guests.filter((g) => end[g] === n).map((g) => unitOf[g]));
    return units.size > share ? share : count;
  });
}

function invert(members: readonly (readonly number[])[]): ReadonlyMap<number, readonly number[]> {
  const rulesOf = new Map<number, number[]>();
  members.forEach((guests, rule) => {
    for (const g of guests) rulesOf.set(g, [...(rulesOf.get(g) ?? []), rule]);
  });
  return rulesOf;
}
