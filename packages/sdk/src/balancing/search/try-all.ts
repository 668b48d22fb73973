import { Placement } from "./placement.ts";
import type { Problem } from "./problem.ts";
import { fitWindows } from "./windows.ts";

/** What is small enough: beyond this the walk is better than any number of tries. */
const MOST_UNITS = 16;
const MOST_NODES = 6;
/** Tries in all. */
const MOST_TRIES = 200_000;
/** A spread of exactly the target reaches it, whatever the last digit of a fraction says. */
const HAIR = 1e-9;
/** Two costs closer than this are the same: then the more even placement comes first. */
const SAME = 1e-3;

/** Placements in which everything holds. */
export interface Ends {
  /** The cheapest first. */
  readonly known: readonly Placement[];
  /** Whether there are no others that cost less than what was asked for. */
  readonly areAll: boolean;
}

interface End {
  readonly at: Int32Array;
  readonly cost: number;
  /** How far from even it is: squares of all levelled fractions. */
  readonly squares: number;
}

/**
 * Lists the cheapest placements of a very small problem in which every rule, limit and target holds, the cheapest
 * first, as far as they cost less than `most`, and no more than `kept` of them. All are tried but those that cannot be
 * among them, until the tries are used up. None where the problem is too large, or has what this does not know: wishes
 * to be apart, and more units apart than nodes.
 */
export function cheapestEnds(problem: Problem, most: number, kept: number): Ends {
  if (!isSmall(problem)) return { known: [], areAll: false };
  const tries = new Tries(problem, most, kept);
  const known = tries.run().map(({ at }) => {
    const placement = new Placement({ ...problem, mobile: problem.mobile.slice() });
    at.forEach((node, u) => {
      placement.move(u, node);
    });
    fitWindows(placement);
    return placement;
  });
  return { known, areAll: known.length < kept && !tries.areUsedUp };
}

function isSmall({ groups, mobile, model }: Problem): boolean {
  const units = mobile.reduce((sum, bit) => sum + bit, 0);
  const nodes = model.active.reduce((sum, bit) => sum + bit, 0);
  if (units === 0 || units > MOST_UNITS || nodes > MOST_NODES) return false;
  return groups.every(({ rule, share }) => rule.hard && share === 1);
}

class Tries {
  readonly #problem: Problem;
  readonly #dims: number;
  readonly #most: number;
  readonly #kept: number;
  /** Never moved: it only knows what a unit costs where. */
  readonly #start: Placement;
  /** Mobile units, the dearest first: they decide most. */
  readonly #order: readonly number[];
  /** By unit: where it may be, its home first. */
  readonly #nodesOf: readonly (readonly number[])[];
  readonly #loads: Float64Array;
  readonly #fill: Float64Array;
  readonly #active: readonly number[];
  /** [index * dims + dim]: what the units from an index on weigh together. */
  readonly #left: Float64Array;
  readonly #at: Int32Array;
  readonly #ends: End[] = [];
  #tries = 0;

  constructor(problem: Problem, most: number, kept: number) {
    this.#problem = problem;
    this.#most = most;
    this.#kept = kept;
    this.#dims = problem.dims.length;
    this.#start = new Placement(problem);
    this.#at = this.#start.at.slice();
    const { mobile, model, seconds, units } = problem;
    this.#order = units.all
      .map((_, u) => u)
      .filter((u) => mobile[u] === 1)
      .sort((a, b) => (seconds[b] ?? 0) - (seconds[a] ?? 0) || a - b);
    this.#nodesOf = units.all.map(({ home }, u) =>
      [...model.nodes.keys()]
        .filter((n) => this.#start.mayBe(u, n))
        .sort((a, b) => Number(b === home) - Number(a === home) || a - b),
    );
    this.#active = [...model.nodes.keys()].filter((n) => model.active[n] === 1);
    this.#left = new Float64Array((this.#order.length + 1) * this.#dims);
    for (let i = this.#order.length * this.#dims - 1; i >= 0; i--) {
      const u = this.#order[Math.floor(i / this.#dims)] ?? -1;
      const weight = problem.weight[u * this.#dims + (i % this.#dims)] ?? 0;
      this.#left[i] = (this.#left[i + this.#dims] ?? 0) + weight;
    }
    this.#loads = problem.initial.slice();
    this.#fill = problem.stores.initial.slice();
    const { storages } = model.resources;
    for (const u of this.#order) {
      this.#at[u] = -1;
      for (const g of units.all[u]?.members ?? []) {
        for (const { storage, bytes } of storages.volumes[g] ?? []) {
          const store = storages.at[model.home[g] ?? -1]?.get(storage);
          if (store !== undefined) this.#fill[store] = (this.#fill[store] ?? 0) - bytes;
        }
        problem.dims.forEach((dim, d) => {
          const i = (model.home[g] ?? -1) * this.#dims + d;
          this.#loads[i] = (this.#loads[i] ?? 0) - (dim.weight[g] ?? 0);
        });
      }
    }
  }

  /** None where what cannot be moved is broken by itself. */
  run(): readonly End[] {
    const { mobile, units } = this.#problem;
    const isSound = this.#at.every((node, u) => {
      if (mobile[u] === 1) return true;
      if (node < 0 || this.#meets(u, node)) return false;
      return this.#start.mayBe(u, node) || units.all[u]?.movable !== true;
    });
    if (isSound) this.#place(0, 0);
    return this.#ends;
  }

  get areUsedUp(): boolean {
    return this.#tries > MOST_TRIES;
  }

  #place(index: number, cost: number): void {
    if (cost > this.#atMost() || this.areUsedUp) return;
    const u = this.#order[index];
    if (u === undefined) {
      this.#keep(cost);
      return;
    }
    for (const n of this.#nodesOf[u] ?? []) {
      if (this.#meets(u, n)) continue;
      this.#tries++;
      const isStored = this.#store(u, n, 1);
      this.#shift(u, n, 1);
      this.#at[u] = n;
      if (isStored && this.#fits(n) && this.#canLevel(index + 1)) {
        this.#place(index + 1, cost + this.#start.costAt(u, n));
      }
      this.#at[u] = -1;
      this.#shift(u, n, -1);
      this.#store(u, n, -1);
    }
  }

  /** Adds or removes what a unit keeps on storage of the node's own; returns whether all of it has room. */
  #store(u: number, n: number, sign: 1 | -1): boolean {
    const { at, bytes, first, hard, kind, kinds } = this.#problem.stores;
    let hasRoom = true;
    for (let k = first[u] ?? 0; k < (first[u + 1] ?? 0); k++) {
      const store = at[n * kinds + (kind[k] ?? 0)] ?? -1;
      if (store < 0) continue;
      this.#fill[store] = (this.#fill[store] ?? 0) + sign * (bytes[k] ?? 0);
      hasRoom &&= (this.#fill[store] ?? 0) <= (hard[store] ?? 0);
    }
    return hasRoom;
  }

  /** Whether a node is within its limits, which no further unit can change. */
  #fits(n: number): boolean {
    for (let d = 0; d < this.#dims; d++) {
      const i = n * this.#dims + d;
      if ((this.#loads[i] ?? 0) > (this.#problem.limit[i] ?? 0)) return false;
    }
    return true;
  }

  /** Whether the units from an index on can still bring every node as close to the fullest one as the target asks. */
  #canLevel(index: number): boolean {
    const { capacity, width } = this.#problem;
    for (let d = 0; d < this.#dims; d++) {
      const target = width[d] ?? -1;
      if (target < 0) continue;
      let fullest = Number.NEGATIVE_INFINITY;
      for (const n of this.#active) {
        const i = n * this.#dims + d;
        fullest = Math.max(fullest, (this.#loads[i] ?? 0) / (capacity[i] ?? 1));
      }
      let missing = 0;
      for (const n of this.#active) {
        const i = n * this.#dims + d;
        const least = (fullest - target - HAIR) * (capacity[i] ?? 1);
        missing += Math.max(0, least - (this.#loads[i] ?? 0));
      }
      if (missing > (this.#left[index * this.#dims + d] ?? 0) + 1) return false;
    }
    return true;
  }

  #meets(u: number, n: number): boolean {
    const groups = this.#problem.groupsOf[u] ?? [];
    for (const number of groups) {
      const members = this.#problem.groups[number]?.units ?? [];
      for (const v of members) if (v !== u && this.#at[v] === n) return true;
    }
    return false;
  }

  #shift(u: number, n: number, sign: 1 | -1): void {
    for (let d = 0; d < this.#dims; d++) {
      const i = n * this.#dims + d;
      const w = this.#problem.weight[u * this.#dims + d] ?? 0;
      this.#loads[i] = (this.#loads[i] ?? 0) + sign * w;
    }
  }

  #atMost(): number {
    const last = this.#ends.length < this.#kept ? undefined : this.#ends.at(-1);
    return Math.min(this.#most, last?.cost ?? Number.POSITIVE_INFINITY) - SAME;
  }

  #keep(cost: number): void {
    if (!this.#active.every((n) => this.#fits(n))) return;
    let squares = 0;
    for (let d = 0; d < this.#dims; d++) {
      const width = this.#problem.width[d] ?? -1;
      if (width < 0) continue;
      const fractions = this.#active.map((n) => {
        const i = n * this.#dims + d;
        return (this.#loads[i] ?? 0) / (this.#problem.capacity[i] ?? 1);
      });
      if (Math.max(...fractions) - Math.min(...fractions) > width + HAIR) return;
      for (const fraction of fractions) squares += fraction * fraction;
    }
    this.#insert({ at: this.#at.slice(), cost, squares });
    if (this.#ends.length > this.#kept) this.#ends.pop();
  }

  /** Ends of the same order stay in the order in which they were found. */
  #insert(end: End): void {
    const steps = ({ cost }: End): number => Math.round(cost / SAME);
    let low = 0;
    let high = this.#ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#ends[middle] ?? end;
      if ((steps(other) - steps(end) || other.squares - end.squares) > 0) high = middle;
      else low = middle + 1;
    }
    this.#ends.splice(low, 0, end);
  }
}
