import type { Guest, GuestId, PlacementRule } from "@kappa4/connectors";
import { readRuleBook } from "../rules/rules.ts";
import type { Model } from "./model.ts";

/** Finds the guests that a guest shares rules with, without looking at every guest again. */
export class Kin {
  readonly #model: Model;
  readonly #byTag = new Map<string, number[]>();
  readonly #byPool = new Map<string, number[]>();

  constructor(model: Model) {
    this.#model = model;
    model.guests.forEach(({ tags, pool, template }, g) => {
      if (template === true) return;
      for (const tag of new Set(tags.map((one) => one.toLowerCase()))) add(this.#byTag, tag, g);
      if (pool !== null) add(this.#byPool, pool, g);
    });
  }

  /** The rules that name a guest of the model. */
  rulesOf(id: GuestId): readonly PlacementRule[] {
    return this.#model.rules.filter(({ guests }) => guests.includes(id));
  }

  /** The rules that a guest would be in by its tags and its pool if it were there. */
  rulesOfNew(guest: Guest): readonly PlacementRule[] {
    const { settings, nodes } = this.#model;
    const relatives = new Set([
      ...guest.tags.flatMap((tag) => this.#byTag.get(tag.toLowerCase()) ?? []),
      ...(this.#byPool.get(guest.pool ?? "") ?? []),
    ]);
    const pool = settings.pools[guest.pool ?? ""];
    const pools = guest.pool === null || pool === undefined ? {} : { [guest.pool]: pool };
    const small = {
      nodes,
      guests: [guest, ...this.guestsOf(relatives)],
      haRules: [],
      rules: [],
    };
    const { rules } = readRuleBook(small, { pools, rules: [], ignoreGuests: [] });
    return rules.filter(({ guests }) => guests.includes(guest.id));
  }

  /** The other guests that rules name. */
  partners(rules: readonly PlacementRule[], id: GuestId): readonly number[] {
    const ids = new Set(rules.flatMap(({ guests }) => guests));
    ids.delete(id);
    return [...ids].map((one) => this.#model.guestIndex.get(one) ?? -1).filter((g) => g >= 0);
  }

  /** Guests by their numbers. */
  guestsOf(numbers: Iterable<number>): readonly Guest[] {
    return [...numbers].flatMap((g) => this.#model.guests[g] ?? []);
  }
}

function add(lists: Map<string, number[]>, key: string, g: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [g]);
  else list.push(g);
}
