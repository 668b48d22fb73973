/**
 * A fixed sequence of numbers that look random (xorshift). Whole-number arithmetic only, so that it is the
 * same on every machine, and always from the same start, so that the same problem gets the same answer.
 */
export class Sequence {
  #state = 0x2545f491;

  /** From 0 to below 1. */
  next(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return (x >>> 0) / 4294967296;
  }

  /** A whole number from 0 to below `count`. */
  below(count: number): number {
    return Math.floor(this.next() * count);
  }
}
