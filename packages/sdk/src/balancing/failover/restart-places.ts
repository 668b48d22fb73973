import type { TogetherRule } from "@kappa4/connectors";
import { collectBundles, runningMembers } from "../model/bundles.ts";
import { compareIds } from "../model/compare.ts";
import type { Model } from "../model/model.ts";
import { obstacle } from "../model/reach.ts";
import { Rooms } from "./rooms.ts";

/** Guests that have to be started again on one node after theirs has failed. */
export interface RestartUnit {
  /** Guest numbers, rising. */
  readonly members: readonly number[];
  readonly amounts: Float64Array;
  /** The largest part that it takes of what all nodes have of a resource. */
  readonly size: number;
  /** Nodes on which it would meet guests that it should be with; empty for none. */
  readonly friends: ReadonlySet<number>;
}

/**
 * The places that guests of a failed node could be started in: room, storages, networks, pins, apart-rules.
 * The guests of all other nodes stay where they are.
 */
export class RestartPlaces {
  readonly model: Model;
  readonly at: Int32Array;
  readonly rooms: Rooms;
  readonly #nodes: number;
  /** By reach class: 1 for each node that can start a guest of it from cold. */
  readonly #masks: readonly Uint8Array[];
  readonly #totals: Float64Array;
  readonly #bundles: ReadonlyMap<number, readonly number[]>;
  /** By guest: numbers of its hard apart-rules. */
  readonly #rulesOf = new Map<number, number[]>();
  readonly #ruleIds: string[] = [];
  readonly #members: (readonly number[])[] = [];
  /** [rule * nodes + node]: its guests there, and by rule how many may be. */
  readonly #crowd: Uint16Array;
  readonly #share: number[] = [];

  constructor(model: Model, at: Int32Array) {
    this.model = model;
    this.at = at;
    this.rooms = new Rooms(model, at);
    this.#nodes = model.nodes.length;
    this.#masks = coldMasks(model);
    this.#totals = totalsOf(this.rooms);
    this.#bundles = hardBundles(model);
    const active = model.active.reduce((sum, bit) => sum + bit, 0);
    for (const rule of model.rules) {
      if (rule.kind !== "apart" || !rule.hard) continue;
      const members = runningMembers(model, rule.guests);
      for (const g of members) {
        const own = this.#rulesOf.get(g);
        if (own === undefined) this.#rulesOf.set(g, [this.#members.length]);
        else own.push(this.#members.length);
      }
      this.#ruleIds.push(rule.id);
      this.#members.push(members);
      // More guests than nodes cannot be apart, with or without a failure: they are spread as evenly as can be.
      this.#share.push(Math.max(1, Math.ceil(members.length / Math.max(1, active))));
    }
    this.#crowd = new Uint16Array(this.#members.length * this.#nodes);
    this.#members.forEach((members, rule) => {
      for (const g of members) this.#count(rule, at[g] ?? -1, 1);
    });
  }

  /** Joins guests of one node that must be together, the largest first. */
  unitsOf(guests: readonly number[], failed: number): readonly RestartUnit[] {
    const left = new Set(guests);
    const units: RestartUnit[] = [];
    for (const g of guests) {
      if (!left.has(g)) continue;
      const bundle = this.#bundles.get(g) ?? [g];
      const members = bundle.filter((other) => left.has(other));
      for (const other of members) left.delete(other);
      const others = bundle.map((other) => this.at[other] ?? -1).filter((n) => n !== failed);
      units.push(this.#unit(members, new Set(others)));
    }
    const { guests: all } = this.model;
    const id = ({ members }: RestartUnit) => all[members[0] ?? -1]?.id ?? "";
    return units.sort((a, b) => b.size - a.size || compareIds(id(a), id(b)));
  }

  /** Whether a unit may be on a node at all: it takes guests, can start them, and no pin speaks against it. */
  mayBe(unit: RestartUnit, n: number): boolean {
    const { model } = this;
    if (model.active[n] !== 1) return false;
    for (const g of unit.members) {
      if (this.#masks[model.reach.classOf[g] ?? -1]?.[n] !== 1) return false;
      if (model.pins.get(g)?.allowed?.[n] === 0) return false;
    }
    return true;
  }

  /** Whether a node has room for a unit and no guest that it must be apart from. */
  admits(unit: RestartUnit, n: number): boolean {
    return this.rooms.holds(unit.amounts, n) && this.enemyOn(unit, n) === undefined;
  }

  /** The rule, by its id, that keeps a unit away from the guests on a node, and one of these. */
  enemyOn(
    unit: RestartUnit,
    n: number,
  ): { readonly rule: string; readonly guest: number } | undefined {
    for (const g of unit.members) {
      for (const rule of this.#rulesOf.get(g) ?? []) {
        if ((this.#crowd[rule * this.#nodes + n] ?? 0) < (this.#share[rule] ?? 1)) continue;
        const guest = this.#members[rule]?.find((other) => this.at[other] === n) ?? -1;
        return { rule: this.#ruleIds[rule] ?? "", guest };
      }
    }
    return undefined;
  }

  /** Starts a unit on a node, or with -1 takes it away again. */
  shift(unit: RestartUnit, n: number, sign: 1 | -1): void {
    this.rooms.shift(unit.amounts, n, sign);
    for (const g of unit.members) {
      for (const rule of this.#rulesOf.get(g) ?? []) this.#count(rule, n, sign);
    }
  }

  /** Part of a node's memory that is in use. */
  fullness(n: number): number {
    const { dims, load } = this.rooms;
    return (load[n * dims.length] ?? 0) / (dims[0]?.capacity[n] ?? 1);
  }

  #unit(members: readonly number[], friends: ReadonlySet<number>): RestartUnit {
    const amounts = new Float64Array(this.#totals.length);
    let size = 0;
    this.rooms.dims.forEach(({ weight }, d) => {
      let amount = 0;
      for (const g of members) amount += weight[g] ?? 0;
      amounts[d] = amount;
      size = Math.max(size, amount / (this.#totals[d] ?? 1));
    });
    return { members, amounts, size, friends };
  }

  #count(rule: number, n: number, sign: 1 | -1): void {
    if (n < 0) return;
    const i = rule * this.#nodes + n;
    this.#crowd[i] = (this.#crowd[i] ?? 0) + sign;
  }
}

/** A guest that starts from cold does not ask for processors like those it had. */
function coldMasks({ reach, guests, nodes }: Model): readonly Uint8Array[] {
  const masks: Uint8Array[] = [];
  reach.classOf.forEach((number, g) => {
    const guest = guests[g];
    if (masks[number] !== undefined || guest === undefined) return;
    const cold = { ...guest, status: "stopped" } as const;
    masks[number] = Uint8Array.from(nodes, (to) => (obstacle(cold, undefined, to) ? 0 : 1));
  });
  return masks;
}

function totalsOf({ dims, model }: Rooms): Float64Array {
  return Float64Array.from(dims, ({ capacity }) =>
    capacity.reduce((sum, one, n) => sum + (model.active[n] === 1 ? one : 0), 1),
  );
}

function hardBundles(model: Model): ReadonlyMap<number, readonly number[]> {
  const soft = new Set<TogetherRule>();
  for (const rule of model.rules) if (rule.kind === "together" && !rule.hard) soft.add(rule);
  const byGuest = new Map<number, readonly number[]>();
  for (const { members } of collectBundles(model, soft)) {
    for (const g of members) byGuest.set(g, members);
  }
  return byGuest;
}
