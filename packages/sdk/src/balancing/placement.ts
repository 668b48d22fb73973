import type { Problem } from "./problem.ts";

/** What one guest on the wrong node counts as, in seconds: rules come before everything else. */
const RULE_SECONDS = 1e7;
const FORBIDDEN = Number.POSITIVE_INFINITY;

/**
 * Where every unit is while the search goes on, and what that costs. All figures are kept up to date move by
 * move; asking for the effect of a move takes constant time.
 */
export class Placement {
  readonly problem: Problem;
  /** By unit: its node; -1 while a bundle is still spread over several. */
  readonly at: Int32Array;
  /** [node * dims + dim] */
  readonly load: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  /** Units that are not where they were, in no order. */
  readonly moved: Int32Array;
  movedCount = 0;
  /** Seconds of all moves, with wishes that are not followed. */
  cost = 0;
  readonly #slot: Int32Array;
  readonly #stores: Float64Array;
  readonly #crowd: Uint16Array;
  readonly #nodes: number;
  readonly #dims: number;

  constructor(problem: Problem) {
    const { units, model } = problem;
    this.problem = problem;
    this.#nodes = model.nodes.length;
    this.#dims = problem.dims.length;
    this.at = Int32Array.from(units.all, ({ home }) => home);
    this.load = problem.initial.slice();
    this.high = problem.hard.slice();
    this.low = new Float64Array(this.load.length).fill(Number.NEGATIVE_INFINITY);
    this.moved = new Int32Array(units.all.length);
    this.#slot = new Int32Array(units.all.length).fill(-1);
    this.#stores = problem.stores.initial.slice();
    this.#crowd = new Uint16Array(problem.groups.length * this.#nodes);
    problem.groups.forEach((group, number) => {
      for (const u of group.units) this.#count(number, u, 1);
    });
    units.all.forEach(({ home }, u) => {
      this.cost += home < 0 ? 0 : this.costAt(u, home);
    });
  }

  /** Seconds of moving a unit from where its members were to a node, with wishes not followed there. */
  costAt(u: number, node: number): number {
    const table = this.problem.table[u];
    if (table !== undefined) return table[node] ?? 0;
    return this.problem.units.all[u]?.home === node ? 0 : (this.problem.seconds[u] ?? 0);
  }

  /** Change in seconds if a unit went to a node; Infinity where it must not. Less is better. */
  deltaOf(u: number, to: number): number {
    const from = this.at[u] ?? -1;
    if (from === to || this.problem.units.all[u]?.mask[to] !== 1) return FORBIDDEN;
    if (from < 0) return this.#deltaOfGathering(u, to);
    const gap = this.#gapDelta(u, from, to);
    if (gap === FORBIDDEN || !this.#stored(u, to)) return FORBIDDEN;
    const rules = this.#crowdDelta(u, from, to, -1);
    if (rules === FORBIDDEN) return FORBIDDEN;
    const freed = this.problem.units.all[u]?.mask[from] === 1 ? 0 : RULE_SECONDS;
    return gap + rules - freed + this.costAt(u, to) - this.costAt(u, from);
  }

  /** Change in seconds if two units changed places; Infinity where they must not. */
  deltaOfSwap(u: number, v: number): number {
    const { units } = this.problem;
    const a = this.at[u] ?? -1;
    const b = this.at[v] ?? -1;
    if (a < 0 || b < 0 || a === b) return FORBIDDEN;
    if (units.all[u]?.mask[b] !== 1 || units.all[v]?.mask[a] !== 1) return FORBIDDEN;
    const gap = this.#gapSwap(u, a, v, b);
    if (gap === FORBIDDEN || !this.#stored(u, b) || !this.#stored(v, a)) return FORBIDDEN;
    const rules = this.#crowdDelta(u, a, b, v) + this.#crowdDelta(v, b, a, u);
    if (rules === FORBIDDEN) return FORBIDDEN;
    const before = this.costAt(u, a) + this.costAt(v, b);
    return gap + rules + this.costAt(u, b) + this.costAt(v, a) - before;
  }

  /** Puts a unit on a node, whether or not that is wise; -1 spreads a bundle again. */
  move(u: number, to: number): void {
    const from = this.at[u] ?? -1;
    if (from === to) return;
    const groups = this.problem.groupsOf[u];
    if (groups !== undefined) for (const group of groups) this.#count(group, u, -1);
    this.cost -= from < 0 ? 0 : this.costAt(u, from);
    this.#shift(u, from, -1);
    this.at[u] = to;
    this.#shift(u, to, 1);
    this.cost += to < 0 ? 0 : this.costAt(u, to);
    if (groups !== undefined) for (const group of groups) this.#count(group, u, 1);
    this.#remember(u, to !== this.problem.units.all[u]?.home);
  }

  /** Units of an apart group that are on a node. */
  crowd(group: number, node: number): number {
    return this.#crowd[group * this.#nodes + node] ?? 0;
  }

  /** Amount of a resource outside of its window, in seconds; 0 when all targets are reached. */
  gap(): number {
    let sum = 0;
    for (let i = 0; i < this.load.length; i++) {
      sum += this.#outside(i, this.load[i] ?? 0) * (this.problem.price[i % this.#dims] ?? 0);
    }
    return sum;
  }

  /** Seconds outside of the window on one node. */
  gapOf(node: number): number {
    let sum = 0;
    for (let d = 0; d < this.#dims; d++) {
      const i = node * this.#dims + d;
      sum += this.#outside(i, this.load[i] ?? 0) * (this.problem.price[d] ?? 0);
    }
    return sum;
  }

  #outside(i: number, load: number): number {
    const high = this.high[i] ?? 0;
    if (load > high) return load - high;
    const low = this.low[i] ?? 0;
    return load < low ? low - load : 0;
  }

  #gapDelta(u: number, from: number, to: number): number {
    const { weight, hard, price } = this.problem;
    const dims = this.#dims;
    let delta = 0;
    for (let d = 0; d < dims; d++) {
      const w = weight[u * dims + d] ?? 0;
      if (w === 0) continue;
      const i = from * dims + d;
      const j = to * dims + d;
      const a = this.load[i] ?? 0;
      const b = this.load[j] ?? 0;
      if (b + w > (hard[j] ?? 0)) return FORBIDDEN;
      delta +=
        (price[d] ?? 0) *
        (this.#outside(i, a - w) -
          this.#outside(i, a) +
          this.#outside(j, b + w) -
          this.#outside(j, b));
    }
    return delta;
  }

  #gapSwap(u: number, from: number, v: number, to: number): number {
    const { weight, hard, price } = this.problem;
    const dims = this.#dims;
    let delta = 0;
    for (let d = 0; d < dims; d++) {
      const w = (weight[u * dims + d] ?? 0) - (weight[v * dims + d] ?? 0);
      if (w === 0) continue;
      const i = from * dims + d;
      const j = to * dims + d;
      const a = this.load[i] ?? 0;
      const b = this.load[j] ?? 0;
      if (w > 0 ? b + w > (hard[j] ?? 0) : a - w > (hard[i] ?? 0)) return FORBIDDEN;
      delta +=
        (price[d] ?? 0) *
        (this.#outside(i, a - w) -
          this.#outside(i, a) +
          this.#outside(j, b + w) -
          this.#outside(j, b));
    }
    return delta;
  }

  /** Effect on apart groups when a unit goes from one node to another while `leaving` goes the other way. */
  #crowdDelta(u: number, from: number, to: number, leaving: number): number {
    const own = this.problem.groupsOf[u];
    if (own === undefined) return 0;
    let delta = 0;
    for (const number of own) {
      const group = this.problem.groups[number];
      if (group === undefined) continue;
      const swapped = leaving >= 0 && this.problem.groupsOf[leaving]?.includes(number) === true;
      if (swapped) continue;
      const there = this.crowd(number, to);
      const here = this.crowd(number, from);
      const worse = crowding(there + 1, group.share) - crowding(there, group.share);
      const better = crowding(here, group.share) - crowding(here - 1, group.share);
      if (group.rule.hard) {
        if (group.share === 1 ? there > 0 : worse > better) return FORBIDDEN;
        delta += (worse - better) * RULE_SECONDS;
      } else delta += (worse - better) * 1e4;
    }
    return delta;
  }

  #deltaOfGathering(u: number, to: number): number {
    const { problem } = this;
    if (!this.#fitsGathered(u, to) || !this.#stored(u, to)) return FORBIDDEN;
    for (const number of problem.groupsOf[u] ?? []) {
      const group = problem.groups[number];
      if (group?.rule.hard !== true) continue;
      const own = this.#ownCrowd(number, u, to);
      if (this.crowd(number, to) - own >= group.share) return FORBIDDEN;
    }
    const before = this.gap();
    this.move(u, to);
    const delta = this.gap() - before + this.costAt(u, to) - RULE_SECONDS;
    this.move(u, -1);
    return delta;
  }

  #fitsGathered(u: number, to: number): boolean {
    const { dims, hard, model, units } = this.problem;
    return dims.every((dim, d) => {
      let arriving = 0;
      for (const g of units.all[u]?.members ?? []) {
        if (model.home[g] !== to) arriving += dim.weight[g] ?? 0;
      }
      const i = to * dims.length + d;
      return arriving === 0 || (this.load[i] ?? 0) + arriving <= (hard[i] ?? 0);
    });
  }

  #stored(u: number, to: number): boolean {
    const { stores } = this.problem;
    const needs = stores.needs[u];
    if (needs === undefined) return true;
    for (const { kind, bytes } of needs) {
      const store = stores.at[to * stores.kinds + kind] ?? -1;
      if (store >= 0 && (this.#stores[store] ?? 0) + bytes > (stores.hard[store] ?? 0))
        return false;
    }
    return true;
  }

  #shift(u: number, node: number, sign: number): void {
    if (node < 0) {
      this.#shiftSpread(u, sign);
      return;
    }
    const { weight, stores } = this.problem;
    for (let d = 0; d < this.#dims; d++) {
      const i = node * this.#dims + d;
      this.load[i] = (this.load[i] ?? 0) + sign * (weight[u * this.#dims + d] ?? 0);
    }
    for (const { kind, bytes } of stores.needs[u] ?? []) {
      const store = stores.at[node * stores.kinds + kind] ?? -1;
      if (store >= 0) this.#stores[store] = (this.#stores[store] ?? 0) + sign * bytes;
    }
  }

  #shiftSpread(u: number, sign: number): void {
    const { dims, model, units } = this.problem;
    for (const g of units.all[u]?.members ?? []) {
      const node = model.home[g] ?? -1;
      dims.forEach((dim, d) => {
        const i = node * dims.length + d;
        this.load[i] = (this.load[i] ?? 0) + sign * (dim.weight[g] ?? 0);
      });
      for (const { storage, bytes } of model.resources.storages.volumes[g] ?? []) {
        const store = model.resources.storages.at[node]?.get(storage) ?? -1;
        if (store >= 0) this.#stores[store] = (this.#stores[store] ?? 0) + sign * bytes;
      }
    }
  }

  #count(group: number, u: number, sign: number): void {
    const node = this.at[u] ?? -1;
    if (node >= 0) {
      this.#crowd[group * this.#nodes + node] = this.crowd(group, node) + sign;
      return;
    }
    for (let n = 0; n < this.#nodes; n++) {
      const own = this.#ownCrowd(group, u, n);
      if (own > 0) this.#crowd[group * this.#nodes + n] = this.crowd(group, n) + sign * own;
    }
  }

  /** Members of a spread bundle that are on a node and in the group's rule, counted once per node. */
  #ownCrowd(group: number, u: number, node: number): number {
    const { groups, model, units } = this.problem;
    if ((this.at[u] ?? -1) >= 0) return this.at[u] === node ? 1 : 0;
    const guests = groups[group]?.rule.guests ?? [];
    const there = units.all[u]?.members.some(
      (g) => model.home[g] === node && guests.includes(model.guests[g]?.id ?? -1),
    );
    return there === true ? 1 : 0;
  }

  #remember(u: number, isMoved: boolean): void {
    const slot = this.#slot[u] ?? -1;
    if (isMoved === slot >= 0) return;
    if (isMoved) {
      this.#slot[u] = this.movedCount;
      this.moved[this.movedCount] = u;
      this.movedCount++;
      return;
    }
    this.movedCount--;
    const last = this.moved[this.movedCount] ?? -1;
    this.moved[slot] = last;
    this.#slot[last] = slot;
    this.#slot[u] = -1;
  }
}

/** How crowded a node is with units that should be apart. */
function crowding(units: number, share: number): number {
  return Math.max(0, units - 1) + Math.max(0, units - share);
}
