import { NumberSet } from "./number-set.ts";
import type { Placement } from "./placement.ts";
import type { Sequence } from "./sequence.ts";

/** How often a unit is looked for that fits by weight, and how many places further on by weight still fits. */
const FITTING = 0.8;
const PLACES = 3;

/**
 * What a step is tried on, drawn from a fixed sequence. Attention goes to a few nodes at a time, those with
 * many moved units more often: in a large cluster memory is the bottleneck, and what is looked at together
 * lies together.
 */
export class Choices {
  /** Units of the nodes in focus that are not where they were. */
  readonly moved: NumberSet;
  readonly #placement: Placement;
  readonly #sequence: Sequence;
  readonly #homeOf: Int32Array;
  readonly #movable: Int32Array;
  readonly #targets: Int32Array;
  /** By unit: its load in the resource that is levelled. */
  readonly #weight: Float64Array;
  /** [home + 1]: mobile units that were there; homes count from -1, which stands for bundles that were spread. */
  readonly #byHome: readonly Int32Array[];
  /** The same, the lightest first; filled as it is asked for. */
  readonly #byWeight: (Int32Array | undefined)[] = [];
  /** [home + 1]: 1 where the focus is. */
  readonly #inFocus: Uint8Array;
  #focus: readonly number[] = [];
  /** Whether attention goes to some of the nodes only. */
  #isLarge = false;

  constructor(placement: Placement, sequence: Sequence) {
    const { homeOf, mobile, model } = placement.problem;
    this.#placement = placement;
    this.#sequence = sequence;
    this.#homeOf = homeOf;
    this.#movable = numbersOf(mobile);
    this.#targets = numbersOf(model.active);
    this.#weight = levelledWeight(placement);
    this.#byHome = groupByHome(placement, this.#movable);
    this.moved = new NumberSet(homeOf.length);
    this.#inFocus = new Uint8Array(model.nodes.length + 1);
  }

  /** Turns to the units of so many nodes. */
  focus(nodes: number): void {
    const { moved } = this.#placement;
    const isSmall = nodes >= this.#byHome.length - 1;
    this.#isLarge = !isSmall;
    const picks = isSmall ? moved.size : nodes;
    for (const home of this.#focus) this.#inFocus[home + 1] = 0;
    this.moved.clear();
    const focus: number[] = [];
    for (let k = 0; k < picks && moved.size > 0; k++) {
      const u = moved.at(isSmall ? k : this.#sequence.below(moved.size));
      const home = this.#homeOf[u] ?? -1;
      if (this.#inFocus[home + 1] === 1) continue;
      this.#inFocus[home + 1] = 1;
      focus.push(home);
      for (const v of this.unitsFrom(home)) {
        if (this.#placement.at[v] !== home) this.moved.set(v, true);
      }
    }
    this.#focus = focus;
  }

  /** Takes note that a unit was moved. */
  note(u: number, to: number): void {
    const home = this.#homeOf[u] ?? -1;
    if (this.#inFocus[home + 1] === 1) this.moved.set(u, to !== home);
  }

  /** Mobile units that were on a node. */
  unitsFrom(home: number): Int32Array {
    return this.#byHome[home + 1] ?? NONE;
  }

  /** One of them; -1 for none. */
  unitFrom(home: number): number {
    return this.#oneOf(this.unitsFrom(home));
  }

  /**
   * In a large cluster mostly a unit that was where `v` was and weighs as much as `u` and `third`, if not -1, together:
   * there are not enough steps to try them all, and others seldom fit. Else `v` itself.
   */
  fitting(v: number, u: number, third: number): number {
    if (!this.#isLarge || this.#sequence.next() >= FITTING) return v;
    const list = this.#lightestFirst(this.#homeOf[v] ?? -1);
    const wanted = (this.#weight[u] ?? 0) + (this.#weight[third] ?? 0);
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#weight[list[middle] ?? 0] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    const place = low - PLACES + this.#sequence.below(2 * PLACES + 1);
    return list[Math.min(list.length - 1, Math.max(0, place))] ?? v;
  }

  anyMoved(): number {
    return this.moved.at(this.#sequence.below(this.moved.size));
  }

  anyUnit(): number {
    return this.#oneOf(this.#movable);
  }

  /** A node that takes guests. */
  anyNode(): number {
    return this.#oneOf(this.#targets);
  }

  #lightestFirst(home: number): Int32Array {
    const known = this.#byWeight[home + 1];
    if (known !== undefined) return known;
    const weight = (u: number): number => this.#weight[u] ?? 0;
    const sorted = this.unitsFrom(home).toSorted((a, b) => weight(a) - weight(b) || a - b);
    this.#byWeight[home + 1] = sorted;
    return sorted;
  }

  #oneOf(list: Int32Array): number {
    return list.length === 0 ? -1 : (list[this.#sequence.below(list.length)] ?? -1);
  }
}

const NONE = new Int32Array(0);

function numbersOf(flags: Uint8Array): Int32Array {
  return Int32Array.from(flags.keys()).filter((number) => flags[number] === 1);
}

function levelledWeight({ problem }: Placement): Float64Array {
  const { dims, homeOf, weight, width } = problem;
  const d = Math.max(
    0,
    width.findIndex((part) => part >= 0),
  );
  return Float64Array.from(homeOf, (_, u) => weight[u * dims.length + d] ?? 0);
}

function groupByHome({ problem }: Placement, movable: Int32Array): readonly Int32Array[] {
  const lists: number[][] = Array.from({ length: problem.model.nodes.length + 1 }, () => []);
  for (const u of movable) lists[(problem.homeOf[u] ?? -1) + 1]?.push(u);
  return lists.map((list) => Int32Array.from(list));
}
