import { loadsOf } from "../measure.ts";
import type { Model } from "../model/model.ts";
import type { Resource } from "../model/resources.ts";
import type { Outcome } from "../order/outcome.ts";
import type { Transfer } from "../order/traffic.ts";
import type { MoveReason, MoveReasonCode } from "../plan.ts";
import { misplaced } from "../rules/violations.ts";
import { excessOf } from "../search/targets.ts";
import { isCrowdedOut } from "./hindrance.ts";
import { change, levelled, nameOf, percent } from "./words.ts";

/** Loads of the levelled resource around one transfer. */
export interface Effect {
  readonly from: { readonly before: number; readonly after: number };
  readonly to: { readonly before: number; readonly after: number };
}

/** A reason before its figures are added. */
interface Bare {
  readonly code: MoveReasonCode;
  readonly message: string;
  readonly rule?: string | undefined;
  readonly partner?: number | undefined;
}

/** What else a move of a plan is for that minds the failure of a node. */
const COVERING: Bare = {
  code: "cover-failover",
  message: "leaves room where guests have to start if a node fails",
};

/** Says why guests move: asks first what was wrong with the place they leave. */
export class Reasons {
  readonly #outcome: Outcome;
  readonly #model: Model;
  /** Guests that broke an apart-rule or a together-rule in the beginning, by guest. */
  readonly #broken = new Map<
    number,
    {
      readonly rule: string;
      readonly kind: "together" | "apart";
      readonly others: readonly number[];
    }[]
  >();
  readonly #arriving = new Map<number, number>();
  /** In the beginning. */
  readonly #loads = new Map<Resource, Float64Array>();

  constructor(outcome: Outcome) {
    this.#outcome = outcome;
    this.#model = outcome.model;
    this.#collectBroken();
    for (const { guest, to } of outcome.waves.flat()) {
      if (!this.#arriving.has(to)) this.#arriving.set(to, guest);
    }
  }

  /** All reasons of a transfer, the weightiest first; at least one. */
  of(transfer: Transfer, effect: Effect): readonly MoveReason[] {
    const bare = [
      ...this.#rules(transfer),
      ...this.#relief(transfer),
      ...this.#wish(transfer),
      ...this.#company(transfer),
    ];
    const covers = this.#outcome.covers === true && !this.#isLevelling(effect);
    const levelling = covers ? COVERING : this.#levelling(transfer, effect);
    // That a node gets emptier is no merit of a guest that has to leave it in any case.
    const isDrained = this.#model.draining[transfer.from] === 1;
    const helps = levelling.code === "level-load" && this.#outcome.levels && !isDrained;
    if (bare.length === 0 || helps) bare.push(levelling);
    return bare.map(({ partner, ...reason }) => ({
      ...reason,
      ...(partner === undefined ? {} : { partner: this.#model.guests[partner]?.id }),
      ...effect,
    }));
  }

  #rules({ guest, from, to, roomFor }: Transfer): Bare[] {
    const home = this.#model.home[guest] ?? -1;
    if (roomFor !== undefined) return [this.#room(from, roomFor, to === home)];
    const found: Bare[] = [];
    const node = this.#node(home);
    if (this.#model.draining[home] === 1) {
      found.push({ code: "drain-maintenance", message: `empties ${node} for maintenance` });
    }
    for (const rule of this.#model.pins.get(guest)?.rules ?? []) {
      if (!rule.hard || rule.nodes.includes(node)) continue;
      const nodes = rule.nodes.join(" or ");
      found.push({
        code: "enforce-pin",
        rule: rule.id,
        message: `belongs on ${nodes}, not on ${node}`,
      });
    }
    for (const { rule, kind, others } of this.#broken.get(guest) ?? []) {
      const partner = others.find((g) => g !== guest) ?? guest;
      const name = this.#name(partner);
      found.push(
        kind === "apart"
          ? {
              code: "split-anti-affinity",
              rule,
              partner,
              message: `must not share ${node} with ${name}`,
            }
          : { code: "join-affinity", rule, partner, message: `must be on one node with ${name}` },
      );
    }
    return found;
  }

  /** A node that was over a limit in the beginning is relieved by whoever leaves it. */
  #relief({ guest, from }: Transfer): Bare[] {
    const { resources } = this.#model;
    for (const resource of resources.all) {
      const before = resource.initial[from] ?? 0;
      const limit = resource.limit[from] ?? 0;
      if (before <= limit || (resource.weight[guest] ?? 0) === 0) continue;
      const capacity = resource.capacity[from] ?? 1;
      const figures = `${percent(before / capacity)} ${nameOf(resource)}, limit ${percent(limit / capacity)}`;
      return [{ code: "relieve-overload", message: `relieves ${this.#node(from)} (${figures})` }];
    }
    return [];
  }

  #wish({ guest, to }: Transfer): Bare[] {
    const pins = this.#model.pins.get(guest);
    const home = this.#model.home[guest] ?? -1;
    if ((pins?.unwished?.[home] ?? 0) <= (pins?.unwished?.[to] ?? 0)) return [];
    const rule = pins?.rules.find(({ hard, priorities }) => !hard || priorities !== undefined)?.id;
    return [
      {
        code: "prefer-node",
        rule,
        message: `is better placed on ${this.#node(to)} than on ${this.#node(home)}`,
      },
    ];
  }

  /** A member of a bundle that moves as one goes along with the others. */
  #company({ guest, roomFor }: Transfer): Bare[] {
    const { units } = this.#outcome.placement.problem;
    const unit = units.all[units.of[guest] ?? -1];
    if (unit === undefined || unit.members.length < 2 || unit.home < 0 || roomFor !== undefined)
      return [];
    const partner = unit.members.find((g) => g !== guest) ?? guest;
    const message = `stays on one node with ${this.#name(partner)}`;
    return [{ code: "join-affinity", rule: unit.rules[0]?.id, partner, message }];
  }

  #levelling({ guest, from, to }: Transfer, effect: Effect): Bare {
    const { resources } = this.#model;
    const resource = levelled(this.#model);
    const incoming = this.#arriving.get(from);
    const isNeeded =
      incoming !== undefined &&
      incoming !== guest &&
      isCrowdedOut(this.#outcome.placement, guest, from);
    const room = isNeeded ? this.#room(from, incoming) : undefined;
    if (!this.#outcome.levels && room !== undefined) return room;
    const relieved = `relieves ${this.#node(from)} (${change(effect.from.before, effect.from.after)} ${resource})`;
    if (effect.from.before > effect.to.after || this.#startsFuller(from, to)) {
      return { code: "level-load", message: relieved };
    }
    for (const other of this.#outcome.targets.wanted.keys()) {
      const loads = this.#loadsOf(other);
      if (other === resources.level || (loads[from] ?? 0) <= (loads[to] ?? 0)) continue;
      const figures = `${percent(loads[from] ?? 0)} ${nameOf(other)}`;
      return { code: "level-load", message: `relieves ${this.#node(from)} (${figures})` };
    }
    return room ?? { code: "level-load", message: relieved };
  }

  /** Whether a move also brings nodes closer that are too far apart. */
  #isLevelling(effect: Effect): boolean {
    const { model, targets, levels } = this.#outcome;
    if (!levels) return true;
    return excessOf(model, targets.wanted, model.home) > 0 && effect.from.before > effect.to.after;
  }

  #startsFuller(from: number, to: number): boolean {
    const loads = this.#loadsOf(this.#model.resources.level);
    return (loads[from] ?? 0) > (loads[to] ?? 0);
  }

  #loadsOf(resource: Resource): Float64Array {
    const known = this.#loads.get(resource) ?? loadsOf(resource, this.#model, this.#model.home);
    this.#loads.set(resource, known);
    return known;
  }

  #room(node: number, incoming: number, isBack = false): Bare {
    const message = isBack
      ? `goes back, and had made room for ${this.#name(incoming)}`
      : `makes room on ${this.#node(node)} for ${this.#name(incoming)}`;
    return { code: "make-room", partner: incoming, message };
  }

  #collectBroken(): void {
    const { rules, home, guestIndex } = this.#model;
    for (const rule of rules) {
      if (rule.kind !== "together" && rule.kind !== "apart") continue;
      if (misplaced(this.#model, home, rule).length === 0) continue;
      const members = rule.guests.map((id) => guestIndex.get(id) ?? -1);
      for (const g of members) {
        const others = members.filter(
          (other) => (home[other] === home[g]) === (rule.kind === "apart") && other !== g,
        );
        if (others.length === 0) continue;
        const entry = { rule: rule.id, kind: rule.kind, others };
        this.#broken.set(g, [...(this.#broken.get(g) ?? []), entry]);
      }
    }
  }

  #node(n: number): string {
    return this.#model.nodes[n]?.name ?? "";
  }

  #name(guest: number): string {
    return this.#model.guests[guest]?.name ?? "";
  }
}
