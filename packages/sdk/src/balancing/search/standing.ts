import { NumberSet } from "./number-set.ts";
import type { Placement } from "./placement.ts";

/** Two costs closer than this are the same: a thousandth of a second. */
const SAME = 1e-3;

/**
 * The best placement met so far. New overload counts first, then rules, then targets, then cost.
 */
export class Standing {
  readonly #placement: Placement;
  readonly #at: Int32Array;
  #over = Number.POSITIVE_INFINITY;
  #broken = 0;
  #gap = 0;
  #cost = 0;
  /** Units moved since the best placement was kept: only these have to be copied, or put back. */
  readonly #touched: NumberSet;

  constructor(placement: Placement) {
    this.#placement = placement;
    this.#at = placement.at.slice();
    this.#touched = new NumberSet(placement.at.length);
    this.update();
  }

  /** Keeps the placement as it is now if it is the best so far. */
  update(): void {
    const { broken, loads, cost } = this.#placement;
    const over = loads.overSeconds();
    if (over > this.#over) return;
    const gap = loads.gapSeconds();
    if (over === this.#over) {
      if (broken > this.#broken) return;
      if (broken === this.#broken) {
        if (gap > this.#gap + SAME) return;
        if (gap > this.#gap - SAME && cost > this.#cost - SAME) return;
      }
    }
    this.#broken = broken;
    this.#over = over;
    this.#gap = gap;
    this.#cost = cost;
    this.#save();
  }

  /** Says that a unit was moved since the last {@link update}. */
  touch(u: number): void {
    this.#touched.set(u, true);
  }

  /** Whether it reaches every goal at no more than the given cost. */
  isAsGoodAs(cost: number): boolean {
    return this.#over + this.#broken + this.#gap === 0 && this.#cost <= cost + SAME;
  }

  /** Puts every unit where the best placement had it. */
  restore(): void {
    for (let k = 0; k < this.#touched.size; k++) {
      const u = this.#touched.at(k);
      this.#placement.move(u, this.#at[u] ?? -1);
    }
    this.#touched.clear();
  }

  #save(): void {
    for (let k = 0; k < this.#touched.size; k++) {
      const u = this.#touched.at(k);
      this.#at[u] = this.#placement.at[u] ?? -1;
    }
    this.#touched.clear();
  }
}
