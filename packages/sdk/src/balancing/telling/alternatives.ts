import type { Outcome } from "../order/outcome.ts";
import type { Transfer } from "../order/traffic.ts";
import type { MoveGain, RejectedAlternative } from "../plan.ts";
import { SpreadPeek } from "../search/spread-peek.ts";
import { whyNot } from "./hindrance.ts";
import { nameOf, percent, points } from "./words.ts";

/** Two costs closer than this, in seconds, are the same. */
const SAME = 0.05;

/** A target, and how far apart the nodes may be. */
interface Target {
  readonly peek: SpreadPeek;
  readonly width: number;
  /** How far apart they may be and no alternative be worse for it: the target, or what the plan reaches. */
  readonly allowed: number;
}

/** A node that a unit could be on. */
interface Option {
  readonly node: number;
  /** How much further the nodes would be over their targets, as a fraction. */
  readonly excess: number;
  /** Seconds more, for wishes that are not followed there. */
  readonly cost: number;
  readonly load: number;
}

/** Finds the best of what a plan did not do, guest by guest, as things are at its end. */
export class Alternatives {
  readonly #outcome: Outcome;
  readonly #targets: readonly Target[];
  /** By node: units that stayed and could have moved just as well. */
  readonly #stayed: readonly number[][];

  constructor(outcome: Outcome) {
    const { model, targets, at, placement } = outcome;
    const { level } = model.resources;
    const wanted = targets.wanted.has(level)
      ? [...targets.wanted]
      : [[level, Number.POSITIVE_INFINITY] as const, ...targets.wanted];
    this.#outcome = outcome;
    this.#targets = wanted.map(([resource, width]) => {
      const peek = new SpreadPeek(model, resource, at);
      return { peek, width, allowed: Math.max(width, peek.now) };
    });
    this.#stayed = model.nodes.map(() => []);
    const { units, mobile } = placement.problem;
    units.all.forEach(({ home, members }, u) => {
      const stays = members.every((g) => at[g] === home);
      if (stays && mobile[u] === 1 && members.length === 1) this.#stayed[home]?.push(u);
    });
  }

  /** `levels`: whether the move has no other reason than to level. */
  of({ guest, to }: Transfer, gain: MoveGain, levels: boolean): RejectedAlternative {
    const { model, at, placement } = this.#outcome;
    const end = at[guest] ?? -1;
    if (end !== to) {
      const node = this.#node(end);
      const message = `${node}: it could not go there at once, it waits on ${this.#node(to)}`;
      return { node, code: "no-safe-order", message };
    }
    const u = placement.problem.units.of[guest] ?? -1;
    const home = model.home[guest] ?? -1;
    const other = u < 0 ? undefined : this.#otherNode(guest, u, home, end);
    const stand = levels ? this.#otherGuest(u, home, end) : undefined;
    if (stand !== undefined) return stand;
    if (other !== undefined) return other;
    const node = this.#node(home);
    return { node, code: "needed", message: `${node}: ${gain.message}` };
  }

  #otherNode(g: number, u: number, home: number, end: number): RejectedAlternative | undefined {
    const { model, placement } = this.#outcome;
    const amounts = this.#targets.map(({ peek }) => this.#weight(peek, u));
    let best: Option | undefined;
    for (let n = 0; n < model.nodes.length; n++) {
      if (n === home || n === end || placement.at[u] !== end || !placement.allows(u, n)) continue;
      const option = this.#option(u, amounts, end, n);
      if (best === undefined || isBetter(option, best)) best = option;
    }
    if (best === undefined) return this.#nearestForbidden(g, home, end);
    return this.#rejected(u, end, best);
  }

  #option(u: number, amounts: readonly number[], from: number, to: number): Option {
    const { placement } = this.#outcome;
    let excess = 0;
    this.#targets.forEach(({ peek, allowed }, t) => {
      excess += Math.max(0, peek.spread({ from, to, amount: amounts[t] ?? 0 }) - allowed);
    });
    const cost = placement.costAt(u, to) - placement.costAt(u, from);
    const load = this.#targets[0]?.peek.loadWith(to, amounts[0] ?? 0) ?? 0;
    return { node: to, excess, cost, load };
  }

  #rejected(u: number, end: number, { node: n, excess, cost, load }: Option): RejectedAlternative {
    const node = this.#node(n);
    if (excess > 1e-9) return { node, code: "above-target", message: this.#outside(u, end, n) };
    if (cost > SAME) {
      return { node, code: "wish", message: `${node}: a wish speaks for ${this.#node(end)}` };
    }
    const here = this.#targets[0]?.peek.loads[end] ?? 0;
    const more = points(100 * (load - here));
    const figures = `${node}: would end at ${percent(load)} ${this.#what()}`;
    const message =
      load > here
        ? `${figures}, ${more} points more than ${this.#node(end)}`
        : `${figures}, and nothing would be gained`;
    return { node, code: "fuller", message };
  }

  /** By how much the node, or the one that is left, would be outside of the window of the target missed most. */
  #outside(u: number, end: number, n: number): string {
    const { settings } = this.#outcome.model;
    let most = 0;
    let message = "";
    for (const { peek, width } of this.#targets) {
      const amount = this.#weight(peek, u);
      const { highest, lowest } = peek.ends({ from: end, to: n, amount });
      const missed = highest - lowest - width;
      if (missed <= most) continue;
      most = missed;
      const what = nameOf(peek.resource, settings.method, settings.mode);
      const load = peek.loadWith(n, amount);
      message =
        load >= highest
          ? `${this.#node(n)}: would end at ${percent(load)} ${what}, ${points(100 * missed)} points above the target's window`
          : `${this.#node(n)}: then ${this.#node(end)} would end at ${percent(peek.loadWith(end, -amount))} ${what}, ${points(100 * missed)} points below the target's window`;
    }
    return message;
  }

  /** Where no other node is allowed: the one that comes closest, room before rules before what nodes lack. */
  #nearestForbidden(g: number, home: number, end: number): RejectedAlternative | undefined {
    const { model, placement } = this.#outcome;
    const u = placement.problem.units.of[g] ?? -1;
    const others = [...model.nodes.keys()].filter((n) => n !== home && n !== end);
    const mayBe = others.filter((n) => placement.mayBe(u, n));
    const active = others.filter((n) => model.active[n] === 1);
    const [level] = this.#targets;
    const load = (n: number): number => level?.peek.loads[n] ?? 0;
    const [nearest] =
      [mayBe, active, others]
        .find((list) => list.length > 0)
        ?.sort((a, b) => load(a) - load(b) || a - b) ?? [];
    if (nearest === undefined) return undefined;
    const bar = whyNot(placement, g, nearest);
    if (bar === undefined) return undefined;
    const node = this.#node(nearest);
    const message = bar.message.startsWith(node) ? bar.message : `${node}: ${bar.message}`;
    return { node, code: bar.code, message };
  }

  /** The cheapest guest of the same node that would level as well in its place, where that is known to cost more. */
  #otherGuest(u: number, home: number, end: number): RejectedAlternative | undefined {
    const { model, placement } = this.#outcome;
    const { seconds, units } = placement.problem;
    if (placement.at[u] !== end || units.all[u]?.members.length !== 1) return undefined;
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (const v of this.#stayed[home] ?? []) {
      const more = (seconds[v] ?? 0) - (seconds[u] ?? 0);
      if (more < SAME || more >= least || !this.#levelsAsWell(u, v, home, end)) continue;
      best = v;
      least = more;
    }
    const other = model.guests[units.all[best]?.members[0] ?? -1];
    if (other === undefined) return undefined;
    const node = this.#node(end);
    const message = `${other.name} to ${node} instead: costs ${points(least)} s more`;
    return { node, guest: other.id, code: "costs-more", message };
  }

  #levelsAsWell(u: number, v: number, home: number, end: number): boolean {
    const { placement } = this.#outcome;
    if (!placement.mayBe(v, end) || !placement.loads.hasRoom(v, end)) return false;
    if (!placement.crowds.allows(v, home, end)) return false;
    return this.#targets.every(({ peek, allowed }) => {
      const amount = this.#weight(peek, v) - this.#weight(peek, u);
      return peek.spread({ from: home, to: end, amount }) <= allowed + 1e-9;
    });
  }

  #weight(peek: SpreadPeek, u: number): number {
    let sum = 0;
    for (const g of this.#outcome.placement.problem.units.all[u]?.members ?? []) {
      sum += peek.resource.weight[g] ?? 0;
    }
    return sum;
  }

  #what(): string {
    const { resources, settings } = this.#outcome.model;
    return nameOf(resources.level, settings.method, settings.mode);
  }

  #node(n: number): string {
    return this.#outcome.model.nodes[n]?.name ?? "";
  }
}

function isBetter(a: Option, b: Option): boolean {
  if (Math.abs(a.excess - b.excess) > 1e-9) return a.excess < b.excess;
  if (Math.abs(a.cost - b.cost) > SAME) return a.cost < b.cost;
  return a.load < b.load;
}
