import type { Choices } from "./choices.ts";
import type { Placement } from "./placement.ts";
import type { Standing } from "./standing.ts";

/** Moves that are kept together, or undone together. */
export class Chain {
  readonly #placement: Placement;
  readonly #best: Standing;
  readonly #choices: Choices;
  /** Unit, node, unit, node ... */
  readonly #undo: number[] = [];

  constructor(placement: Placement, best: Standing, choices: Choices) {
    this.#placement = placement;
    this.#best = best;
    this.#choices = choices;
  }

  /** Forgets what came before. */
  begin(): void {
    this.#undo.length = 0;
  }

  /** Moves a unit so that it can be undone. */
  put(u: number, to: number): void {
    this.#undo.push(u, this.#placement.at[u] ?? -1);
    this.move(u, to);
  }

  /** Moves a unit for good. */
  move(u: number, to: number): void {
    this.#placement.move(u, to);
    this.#best.touch(u);
    this.#choices.note(u, to);
  }

  /** Keeps what was put since the beginning where it costs no more than is allowed, in seconds. */
  keepOrUndo(delta: number, allowed: number): void {
    if (delta <= allowed) {
      this.#best.update();
      return;
    }
    for (let k = this.#undo.length - 2; k >= 0; k -= 2) {
      this.move(this.#undo[k] ?? 0, this.#undo[k + 1] ?? 0);
    }
  }
}
