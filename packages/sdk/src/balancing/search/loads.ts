import type { Problem } from "./problem.ts";

/** Load above what a node must not exceed counts this many times more than load outside of the window. */
const OVER_FACTOR = 3;

/**
 * Loads of all nodes in all resources, and how far they are outside of their windows. Amounts are whole
 * numbers, so sums stay exact however often they are changed.
 */
export class Loads {
  /** [node * dims + dim] */
  readonly load: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  /** By dim: amount outside of the windows, and above the hard limits, over all nodes. */
  readonly gap: Float64Array;
  readonly over: Float64Array;
  /** How many times its price load outside of the windows weighs in {@link delta}. */
  urgency = 1;
  /** By node: seconds of all that is outside of the windows or above hard limits, kept so that {@link delta} can give up early. */
  readonly #penalties: Float64Array;
  readonly #stores: Float64Array;
  readonly #problem: Problem;
  readonly #dims: number;
  readonly #hard: Float64Array;
  readonly #weight: Float64Array;
  readonly #price: Float64Array;
  readonly #first: Int32Array;

  constructor(problem: Problem) {
    this.#problem = problem;
    this.#dims = problem.dims.length;
    this.#hard = problem.hard;
    this.#weight = problem.weight;
    this.#price = problem.price;
    this.#first = problem.stores.first;
    this.load = problem.initial.slice();
    this.high = problem.hard.slice();
    this.low = new Float64Array(this.load.length).fill(Number.NEGATIVE_INFINITY);
    this.gap = new Float64Array(this.#dims);
    this.over = new Float64Array(this.#dims);
    this.#penalties = new Float64Array(problem.model.nodes.length);
    this.#stores = problem.stores.initial.slice();
  }

  /** Sets the window of one resource on one node; {@link recount} has to follow. */
  setWindow(i: number, low: number, high: number): void {
    this.low[i] = Math.ceil(low);
    this.high[i] = Math.floor(high);
  }

  /** Adds up what is outside of the windows from scratch. */
  recount(): void {
    this.gap.fill(0);
    this.over.fill(0);
    for (let i = 0; i < this.load.length; i++) {
      const d = i % this.#dims;
      const load = this.load[i] ?? 0;
      this.gap[d] = (this.gap[d] ?? 0) + this.#outside(i, load);
      this.over[d] = (this.over[d] ?? 0) + Math.max(0, load - (this.#hard[i] ?? 0));
    }
    for (let n = 0; n < this.#penalties.length; n++) this.#penalties[n] = this.#penaltyOf(n);
  }

  /** Seconds that all load outside of the windows counts as; 0 when every target is reached. */
  gapSeconds(): number {
    let sum = 0;
    for (let d = 0; d < this.#dims; d++) sum += (this.#price[d] ?? 0) * (this.gap[d] ?? 0);
    return sum;
  }

  /** The same for load above hard limits. */
  overSeconds(): number {
    let sum = 0;
    for (let d = 0; d < this.#dims; d++) sum += (this.#price[d] ?? 0) * (this.over[d] ?? 0);
    return sum;
  }

  /** Seconds outside of the window on one node. */
  gapOn(node: number): number {
    let sum = 0;
    for (let d = 0; d < this.#dims; d++) {
      const i = node * this.#dims + d;
      sum += (this.#price[d] ?? 0) * this.#outside(i, this.load[i] ?? 0);
    }
    return sum;
  }

  /** Seconds that all load outside of the window or above hard limits counts as in {@link delta}, on one node. */
  penaltyOn(node: number): number {
    return (this.#penalties[node] ?? 0) * this.urgency;
  }

  /** Whether a node can hold a unit besides what it holds, within every hard limit. */
  hasRoom(u: number, node: number): boolean {
    for (let d = 0; d < this.#dims; d++) {
      const w = this.#weight[u * this.#dims + d] ?? 0;
      const i = node * this.#dims + d;
      if (w > 0 && (this.load[i] ?? 0) + w > (this.#hard[i] ?? 0)) return false;
    }
    return true;
  }

  /** Whether the storages that only this node has can hold a unit's disks. */
  hasStorage(u: number, node: number): boolean {
    const first = this.#first[u] ?? 0;
    const end = this.#first[u + 1] ?? 0;
    if (first === end) return true;
    const { at, bytes, hard, kind, kinds } = this.#problem.stores;
    for (let k = first; k < end; k++) {
      const store = at[node * kinds + (kind[k] ?? 0)] ?? -1;
      const filled = (this.#stores[store] ?? 0) + (bytes[k] ?? 0);
      if (store >= 0 && filled > (hard[store] ?? 0)) return false;
    }
    return true;
  }

  /**
   * Change in seconds if a unit went from one node to another, and `v`, if not -1, the other way. Infinity as soon
   * as it is certain to be more than `atMost`: then nobody has to look further.
   */
  delta(u: number, from: number, v: number, to: number, atMost: number): number {
    const limit = atMost / this.urgency;
    const left = this.#penalties[from] ?? 0;
    let delta = -left - (this.#penalties[to] ?? 0);
    if (delta > limit) return Number.POSITIVE_INFINITY;
    delta += this.#penaltyWith(u, v, to);
    if (delta > limit) return Number.POSITIVE_INFINITY;
    return (delta + this.#penaltyWith(v, u, from)) * this.urgency;
  }

  /** Adds a unit to a node, or takes it away. */
  shift(u: number, node: number, sign: 1 | -1): void {
    for (let d = 0; d < this.#dims; d++) {
      this.#change(node * this.#dims + d, d, sign * (this.#weight[u * this.#dims + d] ?? 0));
    }
    this.#penalties[node] = this.#penaltyOf(node);
    const { at, bytes, kind, kinds } = this.#problem.stores;
    for (let k = this.#first[u] ?? 0; k < (this.#first[u + 1] ?? 0); k++) {
      const store = at[node * kinds + (kind[k] ?? 0)] ?? -1;
      if (store >= 0) this.#stores[store] = (this.#stores[store] ?? 0) + sign * (bytes[k] ?? 0);
    }
  }

  /** Adds the members of a spread bundle to the nodes they were on, or takes them away. */
  shiftSpread(u: number, sign: 1 | -1): void {
    const { dims, model, units } = this.#problem;
    const { storages } = model.resources;
    for (const g of units.all[u]?.members ?? []) {
      const node = model.home[g] ?? -1;
      dims.forEach((dim, d) => {
        this.#change(node * dims.length + d, d, sign * (dim.weight[g] ?? 0));
      });
      this.#penalties[node] = this.#penaltyOf(node);
      for (const { storage, bytes } of storages.volumes[g] ?? []) {
        const store = storages.at[node]?.get(storage);
        if (store !== undefined) this.#stores[store] = (this.#stores[store] ?? 0) + sign * bytes;
      }
    }
  }

  /** Penalty of a node as it is. */
  #penaltyOf(node: number): number {
    return this.#penaltyWith(-1, -1, node);
  }

  /** Penalty of a node if it had one unit more and one less; -1 for none. */
  #penaltyWith(more: number, less: number, node: number): number {
    const dims = this.#dims;
    let sum = 0;
    for (let d = 0; d < dims; d++) {
      const added = more < 0 ? 0 : (this.#weight[more * dims + d] ?? 0);
      const taken = less < 0 ? 0 : (this.#weight[less * dims + d] ?? 0);
      const i = node * dims + d;
      sum += (this.#price[d] ?? 0) * this.#penalty(i, (this.load[i] ?? 0) + added - taken);
    }
    return sum;
  }

  #change(i: number, d: number, amount: number): void {
    if (amount === 0) return;
    const hard = this.#hard[i] ?? 0;
    const before = this.load[i] ?? 0;
    const after = before + amount;
    this.load[i] = after;
    this.gap[d] = (this.gap[d] ?? 0) + this.#outside(i, after) - this.#outside(i, before);
    this.over[d] = (this.over[d] ?? 0) + Math.max(0, after - hard) - Math.max(0, before - hard);
  }

  #outside(i: number, load: number): number {
    const high = this.high[i] ?? 0;
    if (load > high) return load - high;
    const low = this.low[i] ?? 0;
    return load < low ? low - load : 0;
  }

  #penalty(i: number, load: number): number {
    const over = load - (this.#hard[i] ?? 0);
    return over > 0 ? this.#outside(i, load) + OVER_FACTOR * over : this.#outside(i, load);
  }
}
