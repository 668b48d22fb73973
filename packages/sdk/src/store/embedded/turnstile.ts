import { AsyncLocalStorage } from "node:async_hooks";
import { Kappa4Error } from "@kappa4/connectors";

interface Turn {
  isOver: boolean;
}

/**
 * Lets one caller after the other use the only session that the embedded store has, in the order in which they came.
 * Who has a turn and waits for another one would wait for ever: that is an error instead.
 */
export class Turnstile {
  readonly #within = new AsyncLocalStorage<Turn>();
  #last: Promise<void> = Promise.resolve();

  /** Waits for a turn and returns the function that ends it. Throws `internal` inside {@link Turnstile.mark}. */
  async enter(): Promise<() => void> {
    if (this.#within.getStore()?.isOver === false) {
      throw new Kappa4Error(
        "internal",
        "Inside a transaction of the embedded store only that transaction can be used; pass it on.",
      );
    }
    const before = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last = promise;
    await before;
    return resolve;
  }

  /** Runs a transaction's work so that a second turn asked for within it is noticed. */
  async mark<T>(work: () => Promise<T>): Promise<T> {
    const turn = { isOver: false };
    try {
      return await this.#within.run(turn, work);
    } finally {
      turn.isOver = true;
    }
  }
}
