import { loadsOf } from "../measure.ts";
import type { Model } from "../model/model.ts";
import type { Resource } from "../model/resources.ts";

/** Amounts that two nodes have more of, or less. */
export interface LoadChange {
  readonly from: number;
  readonly to: number;
  readonly amount: number;
}

/** Tells in constant time how far apart the nodes would be if two of them had other loads. */
export class SpreadPeek {
  readonly resource: Resource;
  /** By node: load as a fraction. */
  readonly loads: Float64Array;
  /** How far apart the active nodes are, as a fraction. */
  readonly now: number;
  readonly #active: Uint8Array;
  /** The fullest and the emptiest active nodes, three each: two of them may change. */
  readonly #fullest: readonly number[];
  readonly #emptiest: readonly number[];

  constructor(model: Model, resource: Resource, at: Int32Array) {
    this.resource = resource;
    this.loads = loadsOf(resource, model, at);
    this.#active = model.active;
    const load = (n: number): number => this.loads[n] ?? 0;
    const sorted = [...this.loads.keys()]
      .filter((n) => model.active[n] === 1)
      .sort((a, b) => load(a) - load(b) || a - b);
    this.#emptiest = sorted.slice(0, 3);
    this.#fullest = sorted.slice(-3).reverse();
    this.now = this.spread({ from: -1, to: -1, amount: 0 });
  }

  /** Load of a node with so much more on it. */
  loadWith(n: number, amount: number): number {
    return (this.loads[n] ?? 0) + amount / (this.resource.capacity[n] ?? 1);
  }

  /** Highest and lowest load of the active nodes if an amount were on another node. */
  ends({ from, to, amount }: LoadChange): { readonly highest: number; readonly lowest: number } {
    const other = (n: number): boolean => n !== from && n !== to;
    const high = this.loads[this.#fullest.find(other) ?? -1] ?? Number.NEGATIVE_INFINITY;
    const low = this.loads[this.#emptiest.find(other) ?? -1] ?? Number.POSITIVE_INFINITY;
    const left = this.#active[from] === 1 ? this.loadWith(from, -amount) : undefined;
    const reached = this.#active[to] === 1 ? this.loadWith(to, amount) : undefined;
    return {
      highest: Math.max(high, left ?? high, reached ?? high),
      lowest: Math.min(low, left ?? low, reached ?? low),
    };
  }

  /** Difference of the active nodes as a fraction if an amount were on another node. */
  spread(change: LoadChange): number {
    const { highest, lowest } = this.ends(change);
    return highest >= lowest ? highest - lowest : 0;
  }
}
