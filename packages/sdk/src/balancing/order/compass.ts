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
  readonly #pieces: readonly Piece[];
  readonly #ends: readonly KnownEnd[];
  readonly #nodes: number;
  /** [piece * nodes + node]: to the nearest end that has the piece on this node. */
  readonly #nearest: Float64Array;

  constructor(pieces: readonly Piece[], ends: readonly KnownEnd[], nodes: number) {
    this.#pieces = pieces;
    this.#ends = ends;
    this.#nodes = nodes;
    this.#nearest = new Float64Array(pieces.length * nodes);
  }

  /** Turns to where the pieces are now, and says how far it is from there. */
  read(at: Int32Array): number {
    let least = Number.POSITIVE_INFINITY;
    this.#nearest.fill(Number.POSITIVE_INFINITY);
    for (const end of this.#ends) {
      let way = end.extra;
      for (let p = 0; p < at.length; p++) {
        if (at[p] !== end.at[p]) way += this.#pieces[p]?.price ?? 0;
      }
      least = Math.min(least, way);
      for (let p = 0; p < at.length; p++) {
        const i = p * this.#nodes + (end.at[p] ?? 0);
        if (way < (this.#nearest[i] ?? 0)) this.#nearest[i] = way;
      }
    }
    return least;
  }

  /** How far it is once a piece has gone from one node to another. */
  readAfter(p: number, from: number, to: number): number {
    const price = this.#pieces[p]?.price ?? 0;
    let least = Number.POSITIVE_INFINITY;
    for (let n = 0; n < this.#nodes; n++) {
      const way = this.#nearest[p * this.#nodes + n] ?? 0;
      const change = n === to ? -price : n === from ? price : 0;
      least = Math.min(least, way + change);
    }
    return least;
  }
}
