import { amountsOf } from "../measure.ts";
import type { Resource } from "../model/resources.ts";
import type { Outcome } from "../order/outcome.ts";
import type { Transfer } from "../order/traffic.ts";
import type { MoveGain, MoveReason } from "../plan.ts";
import { SpreadPeek } from "../search/spread-peek.ts";
import { nameOf, percent, points } from "./words.ts";

/** Says what each move is good for: what the end of the plan would be like without it. */
export class Gains {
  readonly #outcome: Outcome;
  /** The levelled resource first, then those with a target of their own. */
  readonly #peeks: readonly SpreadPeek[];
  /** By node, at the end. */
  readonly #amounts = new Map<Resource, Float64Array>();

  constructor(outcome: Outcome) {
    const { model, targets, at } = outcome;
    const others = [...targets.wanted.keys()].filter((one) => one !== model.resources.level);
    this.#outcome = outcome;
    this.#peeks = [model.resources.level, ...others].map(
      (resource) => new SpreadPeek(model, resource, at),
    );
  }

  of(transfer: Transfer, reasons: readonly MoveReason[]): MoveGain {
    const spreads = this.#peeks.map((peek) => this.#spreads(peek, transfer));
    const spread = 100 * ((spreads[0]?.without ?? 0) - (spreads[0]?.with ?? 0));
    const { overload, message: relief } = this.#relief(transfer.guest);
    return {
      spread: rounded(spread),
      overload: rounded(overload),
      message: this.#message(transfer, reasons) ?? relief ?? this.#levelling(transfer, spreads),
    };
  }

  #spreads(peek: SpreadPeek, { guest, from, to }: Transfer) {
    const { model, at } = this.#outcome;
    const amount = peek.resource.weight[guest] ?? 0;
    const home = model.home[guest] ?? -1;
    // Whoever goes back would else be left where it stepped aside.
    const left = to === home ? from : home;
    return { with: peek.now, without: peek.spread({ from: at[guest] ?? -1, to: left, amount }) };
  }

  /** How far its old node would be over limits at the end, as a fraction of what it has. */
  #relief(guest: number): { readonly overload: number; readonly message?: string } {
    const { model, at } = this.#outcome;
    const home = model.home[guest] ?? -1;
    if (at[guest] === home || model.active[home] !== 1) return { overload: 0 };
    let worst: { readonly overload: number; readonly message?: string } = { overload: 0 };
    for (const resource of model.resources.all) {
      const limit = resource.limit[home] ?? Number.POSITIVE_INFINITY;
      const initial = resource.initial[home] ?? 0;
      const weight = resource.weight[guest] ?? 0;
      if (weight === 0 || initial <= limit) continue;
      const capacity = resource.capacity[home] ?? 1;
      const end = this.#amountAt(resource, home) + weight;
      const overload = Math.min(weight, end - limit) / capacity;
      if (overload <= worst.overload) continue;
      const figures = `${percent(end / capacity)} ${nameOf(resource)}, limit ${percent(limit / capacity)}`;
      worst = { overload, message: `without it ${this.#node(home)} would end at ${figures}` };
    }
    return worst;
  }

  #message({ guest, from, to }: Transfer, [reason]: readonly MoveReason[]): string | undefined {
    const { model, at } = this.#outcome;
    const name = model.guests[guest]?.name ?? "";
    const partner = model.guests[model.guestIndex.get(reason?.partner ?? "") ?? -1]?.name;
    if (at[guest] !== to)
      return `without it ${name} has no safe way to ${this.#node(at[guest] ?? -1)}`;
    if (model.home[guest] === to) return `without it ${name} would end on ${this.#node(from)}`;
    switch (reason?.code) {
      case "drain-maintenance":
        return `without it ${this.#node(from)} would not be empty`;
      case "enforce-pin":
        return `without it rule ${reason.rule} would stay broken`;
      case "split-anti-affinity":
        return `without it ${name} would still share a node with ${partner}`;
      case "join-affinity":
        return `without it ${name} would not be on one node with ${partner}`;
      case "make-room":
        return `without it ${this.#node(from)} has no room for ${partner}`;
      case "cover-failover":
        return "without it guests would find no place if a node failed";
      case "prefer-node":
        return "without it a wish would not be followed";
      default:
        return undefined;
    }
  }

  #levelling(
    { guest }: Transfer,
    spreads: readonly { readonly with: number; readonly without: number }[],
  ): string {
    const { settings } = this.#outcome.model;
    const grows = spreads.map((one) => one.without - one.with);
    const most = grows.indexOf(Math.max(...grows));
    const peek = this.#peeks[most];
    const best = spreads[most];
    if (peek !== undefined && best !== undefined && (grows[most] ?? 0) > 0.0005) {
      const what = nameOf(peek.resource, settings.method, settings.mode);
      return `without it the nodes would be ${points(100 * best.without)} points of ${what} apart at the end, not ${points(100 * best.with)}`;
    }
    const home = this.#outcome.model.home[guest] ?? -1;
    const [level] = this.#peeks;
    const with_ = level?.loads[home] ?? 0;
    const without = level?.loadWith(home, level.resource.weight[guest] ?? 0) ?? 0;
    return `without it ${this.#node(home)} would end at ${percent(without)}, not ${percent(with_)}`;
  }

  #amountAt(resource: Resource, n: number): number {
    const { model, at } = this.#outcome;
    const known = this.#amounts.get(resource) ?? amountsOf(resource, model, at);
    this.#amounts.set(resource, known);
    return known[n] ?? 0;
  }

  #node(n: number): string {
    return this.#outcome.model.nodes[n]?.name ?? "";
  }
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
