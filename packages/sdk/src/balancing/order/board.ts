import { runningMembers } from "../model/bundles.ts";
import { Placement } from "../search/placement.ts";
import type { Problem } from "../search/problem.ts";
import type { KnownEnd } from "./compass.ts";
import type { Transfer } from "./traffic.ts";

/** A spread of exactly the target reaches it, whatever the last digit of a fraction says. */
const HAIR = 1e-9;

/** A guest that may travel. */
export interface Piece {
  readonly guest: number;
  /** Where it is in the beginning, and then where else it may be. */
  readonly nodes: readonly number[];
  /** Whether it may go back to the first of them. */
  readonly mayReturn: boolean;
  /** Thousandths of a second that moving it takes. */
  readonly price: number;
}

/** Pieces that have to end on one node. */
interface Party {
  readonly pieces: readonly number[];
  /** Nodes where it may end, and what being there counts as besides the moves. */
  readonly ends: ReadonlyMap<number, number>;
}

/**
 * The guests of a very small problem that may travel, and where they are right now: what a search over whole
 * sequences of moves needs to know. A position is one number that says where all of them are.
 */
export class Board {
  readonly pieces: readonly Piece[];
  /** By piece: its node right now. */
  readonly at: Int32Array;
  readonly #problem: Problem;
  readonly #parties: readonly Party[];
  /** By piece: number of its party. */
  readonly #partyOf: Int32Array;
  /** By piece: what one step in its list of nodes adds to a position. */
  readonly #steps: Float64Array;
  /** By piece: numbers of its hard apart rules. */
  readonly #rulesOf: readonly (readonly number[])[];
  readonly #base: {
    readonly load: Float64Array;
    readonly fill: Float64Array;
    readonly crowd: Int32Array;
  };
  readonly #load: Float64Array;
  readonly #fill: Float64Array;
  /** [rule * nodes + node]: guests of the rule. */
  readonly #crowd: Int32Array;

  constructor(problem: Problem, offline: readonly Transfer[]) {
    this.#problem = problem;
    const { pieces, parties } = setUp(problem, offline);
    this.pieces = pieces;
    this.#parties = parties;
    this.#partyOf = new Int32Array(pieces.length);
    parties.forEach((party, number) => {
      for (const p of party.pieces) this.#partyOf[p] = number;
    });
    this.at = Int32Array.from(pieces, ({ nodes }) => nodes[0] ?? -1);
    this.#steps = new Float64Array(pieces.length + 1).fill(1);
    pieces.forEach(({ nodes }, p) => {
      this.#steps[p + 1] = (this.#steps[p] ?? 1) * nodes.length;
    });
    const nodes = problem.model.nodes.length;
    const rules = problem.groups
      .filter(({ rule }) => rule.hard)
      .map(({ rule }) => runningMembers(problem.model, rule.guests));
    this.#rulesOf = pieces.map(({ guest }) =>
      rules.flatMap((guests, rule) => (guests.includes(guest) ? [rule] : [])),
    );
    this.#load = problem.initial.slice();
    this.#fill = problem.stores.initial.slice();
    this.#crowd = new Int32Array(rules.length * nodes);
    rules.forEach((guests, rule) => {
      for (const g of guests) this.#count(rule, problem.model.home[g] ?? -1, 1);
    });
    for (const p of pieces.keys()) this.#shift(p, this.at[p] ?? -1, -1);
    this.#base = {
      load: this.#load.slice(),
      fill: this.#fill.slice(),
      crowd: this.#crowd.slice(),
    };
    this.show(0);
  }

  /** How many positions there are. */
  get size(): number {
    return this.#steps.at(-1) ?? 1;
  }

  /** Puts every piece where a position has it; 0 is how it was in the beginning. */
  show(position: number): void {
    const { load, fill, crowd } = this.#base;
    this.#load.set(load);
    this.#fill.set(fill);
    this.#crowd.set(crowd);
    this.pieces.forEach(({ nodes }, p) => {
      const index = Math.floor(position / (this.#steps[p] ?? 1)) % nodes.length;
      const node = nodes[index] ?? -1;
      this.at[p] = node;
      this.#shift(p, node, 1);
    });
  }

  /** The position after a piece has gone from the node it is on to another one of its nodes, by index. */
  after(position: number, p: number, index: number): number {
    const here = this.pieces[p]?.nodes.indexOf(this.at[p] ?? -1) ?? 0;
    return position + (index - here) * (this.#steps[p] ?? 1);
  }

  /** Whether a piece can go to a node: it fits beside all that is there, and meets nobody that it must be apart from. */
  mayGo(p: number, node: number): boolean {
    const { dims, hard, model } = this.#problem;
    const guest = this.pieces[p]?.guest ?? -1;
    for (const rule of this.#rulesOf[p] ?? []) {
      if ((this.#crowd[rule * model.nodes.length + node] ?? 0) > 0) return false;
    }
    for (const [d, dim] of dims.entries()) {
      const weight = dim.weight[guest] ?? 0;
      const i = node * dims.length + d;
      if (weight !== 0 && (this.#load[i] ?? 0) + weight > (hard[i] ?? 0)) return false;
    }
    const { storages } = model.resources;
    return (storages.volumes[guest] ?? []).every(({ storage, bytes }) => {
      const store = storages.at[node]?.get(storage);
      if (store === undefined) return true;
      return (this.#fill[store] ?? 0) + bytes <= (this.#problem.stores.hard[store] ?? 0);
    });
  }

  /** A placement that was found without a way to it. */
  endOf({ at }: Placement): KnownEnd {
    const { of } = this.#problem.units;
    const nodes = this.pieces.map(({ guest, nodes: [home = -1, other = home] }) => {
      const u = of[guest] ?? -1;
      return u < 0 ? other : (at[u] ?? home);
    });
    const extras = this.#parties.map(
      ({ ends, pieces }) => ends.get(nodes[pieces[0] ?? -1] ?? -1) ?? 0,
    );
    return { at: Int32Array.from(nodes), extra: extras.reduce((sum, extra) => sum + extra, 0) };
  }

  /** What the moves still cost at least, in thousandths of a second, whoever is in whose way; Infinity where a bundle cannot end anywhere. */
  leastToGo(): number {
    return this.#parties.reduce((sum, party) => sum + this.#leastOf(party), 0);
  }

  /** What it comes to once a piece is on another node. */
  leastToGoAfter(leastNow: number, p: number, to: number): number {
    const party = this.#parties[this.#partyOf[p] ?? -1];
    if (party === undefined) return leastNow;
    const here = this.at[p] ?? -1;
    const before = this.#leastOf(party);
    this.at[p] = to;
    const after = this.#leastOf(party);
    this.at[p] = here;
    return leastNow - before + after;
  }

  #leastOf({ ends, pieces }: Party): number {
    let least = Number.POSITIVE_INFINITY;
    for (const [node, extra] of ends) {
      let cost = extra;
      for (const p of pieces) if (this.at[p] !== node) cost += this.pieces[p]?.price ?? 0;
      least = Math.min(least, cost);
    }
    return least;
  }

  /** What being here counts as besides the moves, if every rule, limit and target holds; undefined where one does not. */
  endPrice(): number | undefined {
    let sum = 0;
    for (const { ends, pieces } of this.#parties) {
      const node = this.at[pieces[0] ?? -1] ?? -1;
      const extra = ends.get(node);
      if (extra === undefined || pieces.some((p) => this.at[p] !== node)) return undefined;
      sum += extra;
    }
    return this.#isApart() && this.#isWithinLimits() && this.#isLevel() ? sum : undefined;
  }

  #isApart(): boolean {
    return this.#crowd.every((count) => count <= 1);
  }

  #isWithinLimits(): boolean {
    const { dims, limit, model, stores } = this.#problem;
    for (let i = 0; i < this.#load.length; i++) {
      if (model.active[Math.floor(i / dims.length)] !== 1) continue;
      if ((this.#load[i] ?? 0) > (limit[i] ?? 0)) return false;
    }
    return this.#fill.every((bytes, store) => bytes <= (stores.hard[store] ?? 0));
  }

  #isLevel(): boolean {
    const { capacity, dims, model, width } = this.#problem;
    return width.every((target, d) => {
      if (target < 0) return true;
      let low = Number.POSITIVE_INFINITY;
      let high = Number.NEGATIVE_INFINITY;
      for (let n = 0; n < model.nodes.length; n++) {
        if (model.active[n] !== 1) continue;
        const i = n * dims.length + d;
        const fraction = (this.#load[i] ?? 0) / (capacity[i] ?? 1);
        low = Math.min(low, fraction);
        high = Math.max(high, fraction);
      }
      return high - low <= target + HAIR;
    });
  }

  #shift(p: number, node: number, sign: 1 | -1): void {
    const { dims, model } = this.#problem;
    const guest = this.pieces[p]?.guest ?? -1;
    for (const [d, dim] of dims.entries()) {
      const i = node * dims.length + d;
      this.#load[i] = (this.#load[i] ?? 0) + sign * (dim.weight[guest] ?? 0);
    }
    const { storages } = model.resources;
    for (const { storage, bytes } of storages.volumes[guest] ?? []) {
      const store = storages.at[node]?.get(storage);
      if (store !== undefined) this.#fill[store] = (this.#fill[store] ?? 0) + sign * bytes;
    }
    for (const rule of this.#rulesOf[p] ?? []) this.#count(rule, node, sign);
  }

  #count(rule: number, node: number, sign: 1 | -1): void {
    const i = rule * this.#problem.model.nodes.length + node;
    this.#crowd[i] = (this.#crowd[i] ?? 0) + sign;
  }
}

/** Members of the units that may move, and stopped guests that leave their node anyway. */
function setUp(problem: Problem, offline: readonly Transfer[]) {
  const { guestSeconds, mobile, model, units } = problem;
  const start = new Placement(problem);
  const pieces: Piece[] = [];
  const parties: Party[] = [];
  const price = (g: number): number => Math.round(1000 * (guestSeconds[g] ?? 0));
  units.all.forEach(({ members }, u) => {
    if (mobile[u] !== 1) return;
    const travelling = members.filter((g) => model.fixed[g] === undefined);
    const moves = (n: number): number =>
      travelling.reduce((sum, g) => sum + (model.home[g] === n ? 0 : price(g)), 0);
    const ends = [...model.nodes.keys()].filter((n) => start.mayBe(u, n));
    parties.push({
      pieces: travelling.map((_, index) => pieces.length + index),
      ends: new Map(ends.map((n) => [n, Math.round(1000 * start.costAt(u, n)) - moves(n)])),
    });
    for (const guest of travelling) {
      const home = model.home[guest] ?? -1;
      const may = (n: number): boolean => units.masks[guest]?.[n] === 1;
      const others = [...model.nodes.keys()].filter((n) => n !== home && may(n));
      const nodes = [home, ...others];
      pieces.push({ guest, nodes, mayReturn: may(home), price: price(guest) });
    }
  });
  for (const { guest, from, to } of offline) {
    parties.push({ pieces: [pieces.length], ends: new Map([[to, 0]]) });
    pieces.push({ guest, nodes: [from, to], mayReturn: false, price: price(guest) });
  }
  return { pieces, parties };
}
