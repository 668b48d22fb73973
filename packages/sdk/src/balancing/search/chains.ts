import type { Chain } from "./chain.ts";
import type { Choices } from "./choices.ts";
import type { Placement } from "./placement.ts";
import type { Sequence } from "./sequence.ts";

/** How often a unit is looked for that has to do with the same nodes. */
const THIRD_TRIES = 4;

/** How often a pair of nodes is looked at for units that have to make room. */
const ROOM_TRIES = 8;

/** A unit, where it would go, and what that changes; -1 for none. */
interface Change {
  readonly u: number;
  readonly to: number;
  readonly delta: number;
}

/** The changes of a search in which units move because another one did. `allowed` is how much worse they may make things. */
export class Chains {
  readonly #placement: Placement;
  readonly #sequence: Sequence;
  readonly #choices: Choices;
  readonly #chain: Chain;
  readonly #homeOf: Int32Array;
  readonly #mobile: Uint8Array;

  constructor(placement: Placement, sequence: Sequence, choices: Choices, chain: Chain) {
    const { homeOf, mobile } = placement.problem;
    this.#placement = placement;
    this.#sequence = sequence;
    this.#choices = choices;
    this.#chain = chain;
    this.#homeOf = homeOf;
    this.#mobile = mobile;
  }

  /** A unit that is where it must not be goes where it may; then others make room for it. */
  house(u: number, allowed: number): void {
    const to = this.#choices.anyNode();
    let delta = this.#placement.deltaOf(u, to);
    if (!this.#placement.mayBe(u, to) || delta === Number.POSITIVE_INFINITY) return;
    this.#chain.begin();
    this.#chain.put(u, to);
    for (let tries = 0; tries < ROOM_TRIES; tries++) {
      const away = this.#bestDeparture(u, to, this.#choices.anyNode(), this.#choices.anyNode());
      if (away.u < 0) continue;
      delta += away.delta;
      this.#chain.put(away.u, away.to);
    }
    this.#chain.keepOrUndo(delta, allowed);
  }

  /** A moved unit goes elsewhere, and one that it must be apart from leaves to where it came from, or anywhere. */
  retarget(u: number, to: number, partner: number, allowed: number): void {
    const from = this.#placement.at[u] ?? -1;
    const away = this.#sequence.next() < 0.5 ? from : this.#choices.anyNode();
    const delta = this.#placement.deltaOf(u, to);
    if (this.#mobile[u] !== 1 || delta === Number.POSITIVE_INFINITY || away < 0) return;
    this.#chain.begin();
    this.#chain.put(u, to);
    const more = this.#placement.deltaOf(partner, away);
    if (more < Number.POSITIVE_INFINITY) this.#chain.put(partner, away);
    this.#chain.keepOrUndo(delta + more, allowed);
  }

  /** A unit goes home, another of the same home takes its place, and a third one goes home too. */
  twoForOne(u: number, home: number, to: number, allowed: number): void {
    const { at } = this.#placement;
    const other = this.#choices.unitFrom(home);
    if (other < 0 || home < 0 || at[other] !== home || this.#mobile[u] !== 1) return;
    const third = this.#thirdFor(u, home, to);
    const thirdHome = this.#homeOf[third] ?? -1;
    const v = this.#choices.fitting(other, u, third);
    if (thirdHome < 0 || at[v] !== home) return;
    const delta = this.#placement.deltaOfSwap(u, v);
    if (delta === Number.POSITIVE_INFINITY) return;
    this.#chain.begin();
    this.#chain.put(u, home);
    this.#chain.put(v, to);
    const more = this.#placement.deltaOf(third, thirdHome);
    if (more < Number.POSITIVE_INFINITY) this.#chain.put(third, thirdHome);
    this.#chain.keepOrUndo(delta + more, allowed);
  }

  /** A unit that stayed so far moves; then those that became superfluous go home, and others make room for it. */
  insert(home: number, target: number, allowed: number): void {
    const from = this.#sequence.next() < 0.7 ? home : this.#choices.anyNode();
    const to = this.#sequence.next() < 0.7 ? target : this.#choices.anyNode();
    const aside = this.#choices.anyNode();
    const v = this.#choices.unitFrom(from);
    if (v < 0 || this.#placement.at[v] !== from) return;
    let delta = this.#placement.deltaOf(v, to);
    if (delta === Number.POSITIVE_INFINITY) return;
    this.#chain.begin();
    this.#chain.put(v, to);
    for (;;) {
      const back = this.#bestReturn(v, from, to);
      const away = this.#bestDeparture(v, to, from, aside);
      const next = back.delta <= away.delta ? back : away;
      if (next.u < 0) break;
      delta += next.delta;
      this.#chain.put(next.u, next.to);
    }
    this.#chain.keepOrUndo(delta, allowed);
  }

  /** A unit goes home; then others of the same home take its place, there or on one other node. */
  refill(u: number, home: number, to: number, allowed: number): void {
    if (home < 0 || this.#mobile[u] !== 1) return;
    let delta = this.#placement.deltaOf(u, home);
    if (delta === Number.POSITIVE_INFINITY) return;
    this.#chain.begin();
    this.#chain.put(u, home);
    const other = this.#choices.anyNode();
    for (;;) {
      const next = this.#bestDeparture(u, home, to, other);
      if (next.u < 0) break;
      delta += next.delta;
      this.#chain.put(next.u, next.to);
    }
    this.#chain.keepOrUndo(delta, allowed);
  }

  /** Another moved unit that left one node or came to another: what is elsewhere cannot make up for anything there. */
  #thirdFor(u: number, home: number, to: number): number {
    for (let tries = 0; tries < THIRD_TRIES; tries++) {
      const third = this.#choices.anyMoved();
      if (third === u) continue;
      if (this.#homeOf[third] === home || this.#placement.at[third] === to) return third;
    }
    return -1;
  }

  /** The moved unit that had better go home, among those that left one node or came to another. */
  #bestReturn(except: number, from: number, to: number): Change {
    const { at } = this.#placement;
    const { moved } = this.#choices;
    const best = { u: -1, to: -1, delta: -1e-9 };
    for (let k = 0; k < moved.size; k++) {
      const u = moved.at(k);
      const home = this.#homeOf[u] ?? -1;
      if (u === except || home < 0 || (home !== from && at[u] !== to)) continue;
      const delta = this.#placement.deltaOf(u, home, best.delta);
      if (delta >= best.delta) continue;
      best.u = u;
      best.to = home;
      best.delta = delta;
    }
    return best;
  }

  /** The unit that had better leave its home for one of two nodes. */
  #bestDeparture(except: number, home: number, to: number, other: number): Change {
    const best = { u: -1, to: -1, delta: -1e-9 };
    for (const u of this.#choices.unitsFrom(home)) {
      if (u === except || this.#placement.at[u] !== home) continue;
      const direct = this.#placement.deltaOf(u, to, best.delta);
      const aside = this.#placement.deltaOf(u, other, best.delta);
      const delta = Math.min(direct, aside);
      if (delta >= best.delta) continue;
      best.u = u;
      best.to = direct <= aside ? to : other;
      best.delta = delta;
    }
    return best;
  }
}
