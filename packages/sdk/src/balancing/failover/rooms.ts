import { amountsOf } from "../measure.ts";
import { hardLimit } from "../model/hard-limit.ts";
import type { Bar } from "../model/mobility.ts";
import type { Model } from "../model/model.ts";
import type { Resource } from "../model/resources.ts";
import { shortageOf } from "../telling/shortage.ts";

/** What a guest takes of a node: by limited resource, and bytes by node-local storage. */
export interface Needs {
  readonly amounts: Float64Array;
  readonly volumes: readonly { readonly storage: string; readonly bytes: number }[];
}

/** Says what a guest takes of a node. */
export function needsOf(model: Model, g: number): Needs {
  const amounts = Float64Array.from(limitedResources(model), ({ weight }) => weight[g] ?? 0);
  return { amounts, volumes: model.resources.storages.volumes[g] ?? [] };
}

/** Memory first, then every other resource with a limit. */
function limitedResources({ resources: { memory, all } }: Model): readonly Resource[] {
  const limited = all.filter(({ limit }) => limit.some((one) => one < Number.POSITIVE_INFINITY));
  return [memory, ...limited.filter((resource) => resource !== memory)];
}

/**
 * How much room the nodes have under their limits while guests come and go. A node that is over a limit already
 * takes no more of that resource, and is not held against those that are there.
 */
export class Rooms {
  readonly model: Model;
  readonly dims: readonly Resource[];
  /** [node * dims + dim] */
  readonly load: Float64Array;
  readonly hard: Float64Array;
  readonly #stores: Float64Array;
  readonly #storesHard: Float64Array;

  constructor(model: Model, at: Int32Array = model.home) {
    const { storages } = model.resources;
    this.model = model;
    this.dims = limitedResources(model);
    this.load = new Float64Array(model.nodes.length * this.dims.length);
    this.hard = new Float64Array(this.load.length);
    this.dims.forEach((dim, d) => {
      const amounts = amountsOf(dim, model, at);
      for (let n = 0; n < model.nodes.length; n++) {
        const i = n * this.dims.length + d;
        this.load[i] = amounts[n] ?? 0;
        this.hard[i] = hardLimit(dim.limit[n] ?? 0, amounts[n] ?? 0);
      }
    });
    this.#stores = storages.initial.slice();
    storages.volumes.forEach((volumes = [], g) => {
      if (at[g] === model.home[g]) return;
      for (const { storage, bytes } of volumes) {
        this.#store(model.home[g] ?? -1, storage, -bytes);
        this.#store(at[g] ?? -1, storage, bytes);
      }
    });
    this.#storesHard = storages.limit.map((limit, s) => hardLimit(limit, this.#stores[s] ?? 0));
  }

  /** Whether a node has room for this much more of every resource; storages aside. */
  holds(amounts: Float64Array, n: number): boolean {
    const dims = this.dims.length;
    for (let d = 0; d < dims; d++) {
      const amount = amounts[d] ?? 0;
      const i = n * dims + d;
      if (amount > 0 && (this.load[i] ?? 0) + amount > (this.hard[i] ?? 0)) return false;
    }
    return true;
  }

  /** Adds amounts to a node, or takes them away. */
  shift(amounts: Float64Array, n: number, sign: 1 | -1): void {
    const dims = this.dims.length;
    for (let d = 0; d < dims; d++) {
      const i = n * dims + d;
      this.load[i] = (this.load[i] ?? 0) + sign * (amounts[d] ?? 0);
    }
  }

  /** Says what a node is too short of; undefined when it has room. */
  shortage({ amounts, volumes }: Needs, n: number): Bar | undefined {
    const short = shortageOf(this, this.load, (d) => amounts[d] ?? 0, n);
    if (short !== undefined) return short;
    const { at } = this.model.resources.storages;
    const fits = volumes.every(({ storage, bytes }) => {
      const store = at[n]?.get(storage);
      return (
        store === undefined || (this.#stores[store] ?? 0) + bytes <= (this.#storesHard[store] ?? 0)
      );
    });
    if (fits) return undefined;
    const message = `${this.model.nodes[n]?.name} has not enough room on its own storage`;
    return { code: "no-capacity", message };
  }

  #store(n: number, storage: string, bytes: number): void {
    const store = this.model.resources.storages.at[n]?.get(storage);
    if (store !== undefined) this.#stores[store] = (this.#stores[store] ?? 0) + bytes;
  }
}
