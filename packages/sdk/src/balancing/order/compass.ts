import type { Piece } from "./board.ts";

/** A placement in which everything holds. */
export interface KnownEnd {
  /** By piece: its node. */
  readonly at: Int32Array;
  /** What being there counts as besides the moves, in thousandths of a second. */
  readonly extra: number;
}

/** Says how far it is at least to the nearest of the ends that are known, in thousandths of a second. */
export class Compass {
  readonly #nodes: number;
  readonly #prices: Float64Array;
  /** By end. */
  readonly #extras: Float64Array;
  /** [end * pieces + piece]: its node. */
  readonly #goals: Int32Array;
  /** [piece * nodes + node]: to the nearest end that has the piece on this node. */
  readonly #nearest: Float64Array;

  constructor(pieces: readonly Piece[], ends: readonly KnownEnd[], nodes: number) {
    this.#nodes = nodes;
    this.#prices = Float64Array.from(pieces, ({ price }) => price);
    this.#extras = Float64Array.from(ends, ({ extra }) => extra);
    this.#goals = new Int32Array(ends.length * pieces.length);
    ends.forEach(({ at }, number) => {
      this.#goals.set(at, number * pieces.length);
    });
    this.#nearest = new Float64Array(pieces.length * nodes);
  }

  /** Turns to where the pieces are now. */
  turn(at: Int32Array): void {
    const pieces = at.length;
    this.#nearest.fill(Number.POSITIVE_INFINITY);
    for (let end = 0; end < this.#extras.length; end++) {
      const first = end * pieces;
      let way = this.#extras[end] ?? 0;
      for (let p = 0; p < pieces; p++) {
        if (at[p] !== this.#goals[first + p]) way += this.#prices[p] ?? 0;
      }
      for (let p = 0; p < pieces; p++) {
        const i = p * this.#nodes + (this.#goals[first + p] ?? 0);
        if (way < (this.#nearest[i] ?? 0)) this.#nearest[i] = way;
      }
    }
  }

  /** How far it is once a piece has gone from one node to another. */
  after(p: number, from: number, to: number): number {
    const price = this.#prices[p] ?? 0;
    let least = Number.POSITIVE_INFINITY;
    for (let n = 0; n < this.#nodes; n++) {
      const way = this.#nearest[p * this.#nodes + n] ?? 0;
      const change = n === to ? -price : n === from ? price : 0;
      least = Math.min(least, way + change);
    }
    return least;
  }
}
