import type { Unit } from "../model/units.ts";
import { Crowds } from "./crowds.ts";
import { Loads } from "./loads.ts";
import { NumberSet } from "./number-set.ts";
import type { Problem } from "./problem.ts";

const FORBIDDEN = Number.POSITIVE_INFINITY;

/**
 * Where every unit is while the search goes on, and what that costs. All figures are kept up to date move by
 * move; asking for the effect of a move takes constant time. Everything is weighed in seconds: migration,
 * wishes and rules that do not hold, load outside of its window.
 */
export class Placement {
  readonly problem: Problem;
  /** By unit: its node; -1 while a bundle is still spread over several. */
  readonly at: Int32Array;
  readonly loads: Loads;
  readonly crowds: Crowds;
  /** Units that are not where they were. */
  readonly moved: NumberSet;
  /** Units that are where they must not be, or spread. */
  readonly homeless: NumberSet;
  /** Seconds of all moves, with wishes that are not followed. */
  cost = 0;
  readonly #units: readonly Unit[];
  readonly #homeOf: Int32Array;
  readonly #masks: Uint8Array;
  readonly #maskAt: Int32Array;
  readonly #seconds: Float64Array;
  readonly #table: Problem["table"];

  constructor(problem: Problem) {
    this.problem = problem;
    this.#units = problem.units.all;
    this.#homeOf = problem.homeOf;
    this.#masks = problem.masks;
    this.#maskAt = problem.maskAt;
    this.#seconds = problem.seconds;
    this.#table = problem.table;
    this.at = Int32Array.from(this.#units, ({ home }) => home);
    this.loads = new Loads(problem);
    this.crowds = new Crowds(problem);
    this.moved = new NumberSet(this.#units.length);
    this.homeless = new NumberSet(this.#units.length);
    this.#units.forEach(({ home }, u) => {
      this.cost += this.costAt(u, home);
      this.homeless.set(u, this.#isHomeless(u, home));
      if (home < 0) this.crowds.shiftSpread(u, 1);
      else this.crowds.shift(u, home, 1);
    });
  }

  /** Seconds of moving a unit from where its members were to a node, with wishes not followed there. */
  costAt(u: number, node: number): number {
    if (node < 0) return 0;
    const table = this.#table[u];
    if (table !== undefined) return table[node] ?? 0;
    return this.#homeOf[u] === node ? 0 : (this.#seconds[u] ?? 0);
  }

  /** Whether a unit may be on a node in the end. */
  mayBe(u: number, node: number): boolean {
    return this.#masks[(this.#maskAt[u] ?? 0) + node] === 1;
  }

  /** Whether a unit may go to a node without breaking a rule or a limit. */
  allows(u: number, to: number): boolean {
    const from = this.at[u] ?? -1;
    if (from === to || !this.mayBe(u, to)) return false;
    if (from < 0 && !this.#hasRoomForSpread(u, to)) return false;
    if (from >= 0 && !this.loads.hasRoom(u, to)) return false;
    return this.loads.hasStorage(u, to) && this.crowds.allows(u, from, to);
  }

  /**
   * Change in seconds if a unit went to a node; less is better. Infinity where it cannot run, and where the
   * change is more than `atMost`: then nobody has to look further.
   */
  deltaOf(u: number, to: number, atMost: number = FORBIDDEN): number {
    const from = this.at[u] ?? -1;
    if (from === to || !this.#canRun(u, to)) return FORBIDDEN;
    if (from < 0) return this.loads.hasStorage(u, to) ? this.#deltaOfGathering(u, to) : FORBIDDEN;
    const rest = this.#costDelta(u, from, to) + this.crowds.delta(u, from, to, -1);
    const delta = rest + this.loads.delta(u, from, -1, to, atMost - rest);
    return delta <= atMost && this.loads.hasStorage(u, to) ? delta : FORBIDDEN;
  }

  /** The same if two units changed places. */
  deltaOfSwap(u: number, v: number, atMost: number = FORBIDDEN): number {
    const a = this.at[u] ?? -1;
    const b = this.at[v] ?? -1;
    if (a < 0 || b < 0 || a === b || !this.#canRun(u, b) || !this.#canRun(v, a)) return FORBIDDEN;
    const rest =
      this.#costDelta(u, a, b) +
      this.#costDelta(v, b, a) +
      this.crowds.delta(u, a, b, v) +
      this.crowds.delta(v, b, a, u);
    const delta = rest + this.loads.delta(u, a, v, b, atMost - rest);
    if (delta > atMost) return FORBIDDEN;
    return this.loads.hasStorage(u, b) && this.loads.hasStorage(v, a) ? delta : FORBIDDEN;
  }

  /** Puts a unit on a node, whether or not that is wise; -1 spreads a bundle again. */
  move(u: number, to: number): void {
    const from = this.at[u] ?? -1;
    if (from === to) return;
    if (from < 0) this.#gatherOrSpread(u, -1);
    else {
      this.loads.shift(u, from, -1);
      this.crowds.shift(u, from, -1);
    }
    if (to < 0) this.#gatherOrSpread(u, 1);
    else {
      this.loads.shift(u, to, 1);
      this.crowds.shift(u, to, 1);
    }
    this.at[u] = to;
    this.cost += this.costAt(u, to) - this.costAt(u, from);
    this.homeless.set(u, this.#isHomeless(u, to));
    this.moved.set(u, to !== this.#homeOf[u]);
  }

  /** Guests and rules that the placement leaves broken though they could move. */
  get broken(): number {
    return this.homeless.size + this.crowds.broken;
  }

  #isHomeless(u: number, node: number): boolean {
    return (node < 0 || !this.mayBe(u, node)) && this.#units[u]?.movable === true;
  }

  /** The mask says where a unit may end; going back to where it must not stay is a step that the search may take. */
  #canRun(u: number, node: number): boolean {
    return this.mayBe(u, node) || this.#homeOf[u] === node;
  }

  #costDelta(u: number, from: number, to: number): number {
    const cost = this.costAt(u, to) - this.costAt(u, from);
    const change = Number(this.#isHomeless(u, to)) - Number(this.#isHomeless(u, from));
    if (change === 0) return cost;
    return cost + change * (this.problem.homelessPrice[u] ?? 0) * this.crowds.insistence;
  }

  /** A bundle that is still spread is gathered for a look, and spread again. */
  #deltaOfGathering(u: number, to: number): number {
    const before = this.loads.gapSeconds() + this.loads.overSeconds();
    const broken = this.crowds.broken;
    this.move(u, to);
    const after = this.loads.gapSeconds() + this.loads.overSeconds();
    const rule = this.problem.homelessPrice[u] ?? 0;
    const crowd = (this.crowds.broken - broken) * rule;
    this.move(u, -1);
    return after - before + crowd + this.costAt(u, to) - rule;
  }

  #hasRoomForSpread(u: number, to: number): boolean {
    const { dims, hard, model } = this.problem;
    return dims.every((dim, d) => {
      let arriving = 0;
      for (const g of this.#units[u]?.members ?? []) {
        if (model.home[g] !== to) arriving += dim.weight[g] ?? 0;
      }
      const i = to * dims.length + d;
      return arriving === 0 || (this.loads.load[i] ?? 0) + arriving <= (hard[i] ?? 0);
    });
  }

  #gatherOrSpread(u: number, sign: 1 | -1): void {
    this.loads.shiftSpread(u, sign);
    this.crowds.shiftSpread(u, sign);
  }
}
