import type { Placement } from "./placement.ts";
import { setWindow } from "./windows.ts";

/** How a walk goes: how many steps, and how much worse a step may be at the start, in seconds. */
export interface WalkOptions {
  readonly steps: number;
  readonly heat: number;
}

/**
 * Improves a placement by a long walk of small changes, each of which may make it a little worse, less and
 * less so towards the end. The best placement met that reaches the targets is kept. The steps come from a
 * fixed sequence of numbers: the same problem always walks the same way.
 */
export function walk(placement: Placement, options: WalkOptions): void {
  if (placement.movedCount === 0) return;
  const walker = new Walker(placement, options);
  walker.run();
}

class Walker {
  readonly #placement: Placement;
  readonly #steps: number;
  readonly #heat: number;
  readonly #homes: readonly Int32Array[];
  #seed = 0x2545f491;
  #allowed = 0;
  #best: Int32Array;
  #bestCost = Number.POSITIVE_INFINITY;
  #gap: number;

  constructor(placement: Placement, options: WalkOptions) {
    this.#placement = placement;
    this.#steps = options.steps;
    this.#heat = options.heat;
    this.#homes = unitsByHome(placement);
    this.#best = placement.at.slice();
    this.#gap = placement.gap();
    this.#keep();
  }

  run(): void {
    for (let step = 0; step < this.#steps; step++) {
      const left = 1 - step / this.#steps;
      this.#allowed = this.#heat * left * left * exponential(this.#random());
      if (step % 256 === 0) this.#tidy();
      this.#step();
    }
    this.#keep();
    if (this.#bestCost < Number.POSITIVE_INFINITY) restore(this.#placement, this.#best);
  }

  #step(): void {
    const { moved, movedCount, at } = this.#placement;
    if (movedCount === 0) return;
    const u = moved[this.#below(movedCount)] ?? 0;
    const dice = this.#random();
    const home = this.#placement.problem.units.all[u]?.home ?? -1;
    const to = at[u] ?? 0;
    if (dice < 0.1) this.#try(u, home);
    else if (dice < 0.3) this.#try(u, this.#node());
    else if (dice < 0.6) this.#swap(u, this.#neighbour(home));
    else if (dice < 0.75) this.#swap(u, moved[this.#below(movedCount)] ?? 0);
    else if (dice < 0.9) this.#try(this.#neighbour(home), to);
    else this.#pair(u, this.#neighbour(home), home, to);
  }

  #try(u: number, to: number): void {
    if (u < 0 || to < 0 || this.#placement.problem.mobile[u] !== 1) return;
    const before = this.#placement.cost;
    const delta = this.#placement.deltaOf(u, to);
    if (delta > this.#allowed) return;
    this.#placement.move(u, to);
    this.#took(delta, before);
  }

  #swap(u: number, v: number): void {
    if (v < 0 || this.#placement.problem.mobile[v] !== 1) return;
    const before = this.#placement.cost;
    const delta = this.#placement.deltaOfSwap(u, v);
    if (delta > this.#allowed) return;
    const a = this.#placement.at[u] ?? -1;
    const b = this.#placement.at[v] ?? -1;
    this.#placement.move(u, b);
    this.#placement.move(v, a);
    this.#took(delta, before);
  }

  /** Two for one: a unit goes home, another of the same home takes its place, and a third one goes home too. */
  #pair(u: number, v: number, home: number, to: number): void {
    const { problem, moved, movedCount, at } = this.#placement;
    if (v < 0 || home < 0 || problem.mobile[v] !== 1 || at[v] !== home) return;
    const third = moved[this.#below(movedCount)] ?? 0;
    const thirdAt = at[third] ?? -1;
    const thirdHome = problem.units.all[third]?.home ?? -1;
    if (third === u || third === v || thirdHome < 0) return;
    const before = this.#placement.cost;
    const first = this.#placement.deltaOfSwap(u, v);
    if (first === Number.POSITIVE_INFINITY) return;
    this.#placement.move(u, home);
    this.#placement.move(v, to);
    const delta = first + this.#placement.deltaOf(third, thirdHome);
    if (delta <= this.#allowed) {
      this.#placement.move(third, thirdHome);
      this.#took(delta, before);
      return;
    }
    this.#placement.move(v, home);
    this.#placement.move(u, to);
    void thirdAt;
  }

  #took(delta: number, costBefore: number): void {
    this.#gap += delta - (this.#placement.cost - costBefore);
    if (this.#gap < 1e-6 && this.#placement.cost < this.#bestCost - 1e-9) this.#keep();
  }

  #keep(): void {
    this.#gap = this.#placement.gap();
    if (this.#gap > 1e-6 || this.#placement.cost >= this.#bestCost - 1e-9) return;
    this.#bestCost = this.#placement.cost;
    this.#best.set(this.#placement.at);
  }

  /** Lets the windows drift with the placement, and sets the running sum right. */
  #tidy(): void {
    const { problem } = this.#placement;
    problem.width.forEach((width, d) => {
      if (width < 0) return;
      const dims = problem.dims.length;
      const first = problem.model.active.indexOf(1);
      const edge =
        (this.#placement.low[first * dims + d] ?? 0) / (problem.capacity[first * dims + d] ?? 1);
      const before = this.#placement.gap();
      setWindow(this.#placement, d, Math.max(0, edge + (this.#random() - 0.5) * 0.1 * width));
      if (this.#placement.gap() - before > this.#allowed) setWindow(this.#placement, d, edge);
    });
    this.#gap = this.#placement.gap();
  }

  #neighbour(home: number): number {
    const list = this.#homes[home];
    if (list === undefined || list.length === 0) return -1;
    return list[this.#below(list.length)] ?? -1;
  }

  #node(): number {
    return this.#below(this.#placement.problem.model.nodes.length);
  }

  #below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  /** Xorshift: whole-number arithmetic, so the sequence is the same everywhere. */
  #random(): number {
    let x = this.#seed;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#seed = x;
    return (x >>> 0) / 4294967296;
  }
}

function unitsByHome(placement: Placement): readonly Int32Array[] {
  const lists: number[][] = placement.problem.model.nodes.map(() => []);
  placement.problem.units.all.forEach(({ home }, u) => {
    if (placement.problem.mobile[u] === 1) lists[home]?.push(u);
  });
  return lists.map((list) => Int32Array.from(list));
}

/** Puts every unit where a saved placement has it. */
export function restore(placement: Placement, saved: Int32Array): void {
  saved.forEach((node, u) => {
    placement.move(u, node);
  });
}

/** Roughly exponential from uniform, by arithmetic that is the same on every machine. */
function exponential(uniform: number): number {
  return uniform / (1.05 - uniform);
}
