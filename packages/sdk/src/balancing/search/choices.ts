import { NumberSet } from "./number-set.ts";
import type { Placement } from "./placement.ts";
import type { Sequence } from "./sequence.ts";

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
  /** [home + 1]: mobile units that were there; homes count from -1, which stands for bundles that were spread. */
  readonly #byHome: readonly Int32Array[];
  /** [home + 1]: 1 where the focus is. */
  readonly #inFocus: Uint8Array;
  #focus: readonly number[] = [];

  constructor(placement: Placement, sequence: Sequence) {
    const { homeOf, mobile, model } = placement.problem;
    this.#placement = placement;
    this.#sequence = sequence;
    this.#homeOf = homeOf;
    this.#movable = numbersOf(mobile);
    this.#targets = numbersOf(model.active);
    this.#byHome = groupByHome(placement, this.#movable);
    this.moved = new NumberSet(homeOf.length);
    this.#inFocus = new Uint8Array(model.nodes.length + 1);
  }

  /** Turns to the units of so many nodes. */
  focus(nodes: number): void {
    const { moved } = this.#placement;
    const isSmall = nodes >= this.#byHome.length - 1;
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

  #oneOf(list: Int32Array): number {
    return list.length === 0 ? -1 : (list[this.#sequence.below(list.length)] ?? -1);
  }
}

const NONE = new Int32Array(0);

function numbersOf(flags: Uint8Array): Int32Array {
  return Int32Array.from(flags.keys()).filter((number) => flags[number] === 1);
}

function groupByHome({ problem }: Placement, movable: Int32Array): readonly Int32Array[] {
  const lists: number[][] = Array.from({ length: problem.model.nodes.length + 1 }, () => []);
  for (const u of movable) lists[(problem.homeOf[u] ?? -1) + 1]?.push(u);
  return lists.map((list) => Int32Array.from(list));
}
