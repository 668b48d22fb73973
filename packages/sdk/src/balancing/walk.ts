import type { Placement } from "./placement.ts";
import { Sequence } from "./sequence.ts";
import { Standing } from "./standing.ts";
import { moveWindow } from "./windows.ts";

/** How a walk goes: how many steps, and how much worse a step may be at the start, in seconds. */
export interface WalkOptions {
  readonly steps: number;
  readonly heat: number;
}

/** How often the windows drift, in steps. */
const DRIFT_EVERY = 128;

/**
 * Improves a placement by a long walk of small changes, each of which may make it a little worse, less and
 * less so towards the end; rules and limits may be broken on the way, at a price. The best placement met is
 * kept. The steps come from a fixed sequence of numbers: the same problem always walks the same way.
 */
export function walk(placement: Placement, options: WalkOptions): void {
  new Walker(placement, options).run();
}

class Walker {
  readonly #placement: Placement;
  readonly #steps: number;
  readonly #heat: number;
  readonly #mobile: Uint8Array;
  readonly #movable: Int32Array;
  readonly #byHome: readonly Int32Array[];
  readonly #targets: Int32Array;
  readonly #sequence = new Sequence();
  readonly #best: Standing;
  #allowed = 0;

  constructor(placement: Placement, options: WalkOptions) {
    const { mobile, model } = placement.problem;
    this.#placement = placement;
    this.#steps = options.steps;
    this.#heat = options.heat;
    this.#mobile = mobile;
    this.#movable = numbersOf(mobile);
    this.#targets = numbersOf(model.active);
    this.#byHome = groupByHome(placement, this.#movable);
    this.#best = new Standing(placement);
  }

  run(): void {
    if (this.#movable.length === 0 || this.#targets.length === 0) return;
    for (let step = 0; step < this.#steps; step++) {
      const left = 1 - step / this.#steps;
      this.#allowed = this.#heat * left * left * exponential(this.#sequence.next());
      if (step % DRIFT_EVERY === 0) this.#drift();
      this.#step();
    }
    this.#best.restore();
  }

  #step(): void {
    const { moved, movedCount, at, problem } = this.#placement;
    const dice = this.#sequence.next();
    if (movedCount === 0 || dice < 0.04) {
      this.#shift(this.#anyUnit(), this.#anyNode());
      return;
    }
    const u = moved[this.#sequence.below(movedCount)] ?? 0;
    const home = problem.units.all[u]?.home ?? -1;
    const to = at[u] ?? 0;
    if (dice < 0.12) this.#shift(u, home);
    else if (dice < 0.28) this.#shift(u, this.#anyNode());
    else if (dice < 0.58) this.#swap(u, this.#neighbour(home));
    else if (dice < 0.72) this.#swap(u, moved[this.#sequence.below(movedCount)] ?? 0);
    else if (dice < 0.86) this.#shift(this.#neighbour(home), to);
    else if (dice < 0.9) this.#swap(u, this.#anyUnit());
    else this.#pair(u, this.#neighbour(home), home, to);
  }

  #shift(u: number, to: number): void {
    if (u < 0 || to < 0 || this.#mobile[u] !== 1) return;
    if (this.#placement.deltaOf(u, to) > this.#allowed) return;
    this.#placement.move(u, to);
    this.#best.update();
  }

  #swap(u: number, v: number): void {
    if (v < 0 || this.#mobile[v] !== 1 || this.#mobile[u] !== 1) return;
    if (this.#placement.deltaOfSwap(u, v) > this.#allowed) return;
    this.#exchange(u, v);
    this.#best.update();
  }

  /** Two for one: a unit goes home, another of the same home takes its place, and a third one goes home too. */
  #pair(u: number, v: number, home: number, to: number): void {
    const { problem, moved, movedCount, at } = this.#placement;
    if (v < 0 || home < 0 || at[v] !== home || this.#mobile[v] !== 1) return;
    const third = moved[this.#sequence.below(movedCount)] ?? 0;
    const thirdHome = problem.units.all[third]?.home ?? -1;
    if (third === u || third === v || thirdHome < 0) return;
    const first = this.#placement.deltaOfSwap(u, v);
    if (first === Number.POSITIVE_INFINITY) return;
    this.#exchange(u, v);
    if (first + this.#placement.deltaOf(third, thirdHome) <= this.#allowed) {
      this.#placement.move(third, thirdHome);
      this.#best.update();
      return;
    }
    this.#placement.move(v, home);
    this.#placement.move(u, to);
  }

  #exchange(u: number, v: number): void {
    const a = this.#placement.at[u] ?? -1;
    const b = this.#placement.at[v] ?? -1;
    this.#placement.move(u, b);
    this.#placement.move(v, a);
  }

  /** Lets the windows drift along with the placement. */
  #drift(): void {
    const { problem, loads } = this.#placement;
    const first = this.#targets[0] ?? 0;
    problem.width.forEach((width, d) => {
      if (width < 0) return;
      const i = first * problem.dims.length + d;
      const edge = (loads.low[i] ?? 0) / (problem.capacity[i] ?? 1);
      const before = loads.gapSeconds();
      moveWindow(
        loads,
        problem,
        d,
        Math.max(0, edge + (this.#sequence.next() - 0.5) * 0.1 * width),
      );
      loads.recount();
      if (loads.gapSeconds() - before <= this.#allowed) return;
      moveWindow(loads, problem, d, edge);
      loads.recount();
    });
  }

  #neighbour(home: number): number {
    const list = this.#byHome[home];
    if (list === undefined || list.length === 0) return -1;
    return list[this.#sequence.below(list.length)] ?? -1;
  }

  #anyUnit(): number {
    return this.#movable[this.#sequence.below(this.#movable.length)] ?? -1;
  }

  #anyNode(): number {
    return this.#targets[this.#sequence.below(this.#targets.length)] ?? -1;
  }
}

function numbersOf(flags: Uint8Array): Int32Array {
  const numbers: number[] = [];
  flags.forEach((flag, number) => {
    if (flag === 1) numbers.push(number);
  });
  return Int32Array.from(numbers);
}

function groupByHome(placement: Placement, movable: Int32Array): readonly Int32Array[] {
  const lists: number[][] = placement.problem.model.nodes.map(() => []);
  for (const u of movable) lists[placement.problem.units.all[u]?.home ?? -1]?.push(u);
  return lists.map((list) => Int32Array.from(list));
}

/** Roughly exponential from uniform, by arithmetic that is the same on every machine. */
function exponential(uniform: number): number {
  return uniform / (1.05 - uniform);
}
