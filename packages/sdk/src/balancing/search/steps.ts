import { Choices } from "./choices.ts";
import type { Placement } from "./placement.ts";
import type { Sequence } from "./sequence.ts";
import type { Standing } from "./standing.ts";
import { fitWindows, moveWindow, windowEdges } from "./windows.ts";

/** How often each kind of step is tried, in hundredths of all steps, added up. */
const HOUSE = 5;
const INSERT = 0.3;
const REFILL = 0.6;
const ANYWHERE = 5;
const HOME = 13;
const RETARGET = 30;
const REPLACE = 59;
const TRADE_TARGETS = 73;
const FOLLOW = 87;
const SWAP_ANY = 91;

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

/**
 * The small changes that a search tries. A change is taken when it makes the placement better, or worse by no
 * more than is allowed at the moment.
 */
export class Steps {
  readonly #placement: Placement;
  readonly #sequence: Sequence;
  readonly #best: Standing;
  readonly #choices: Choices;
  readonly #homeOf: Int32Array;
  readonly #mobile: Uint8Array;
  /** What a chain of changes has to undo: unit, node, unit, node ... */
  readonly #undo: number[] = [];
  #allowed = 0;

  constructor(placement: Placement, sequence: Sequence, best: Standing) {
    const { homeOf, mobile } = placement.problem;
    this.#placement = placement;
    this.#sequence = sequence;
    this.#best = best;
    this.#homeOf = homeOf;
    this.#mobile = mobile;
    this.#choices = new Choices(placement, sequence);
  }

  /** Turns to the units of so many nodes. */
  focus(nodes: number): void {
    this.#choices.focus(nodes);
  }

  /** Tries one change; `allowed` is how much worse it may make things, in seconds. */
  take(allowed: number): void {
    this.#allowed = allowed;
    const { homeless, at } = this.#placement;
    const dice = 100 * this.#sequence.next();
    if (homeless.size > 0 && dice < HOUSE) {
      this.#house(homeless.at(this.#sequence.below(homeless.size)));
      return;
    }
    if (this.#choices.moved.size === 0) {
      this.#startAnew(dice);
      return;
    }
    const u = this.#choices.anyMoved();
    const home = this.#homeOf[u] ?? -1;
    const to = at[u] ?? 0;
    if (dice < INSERT) this.#insert(home, to);
    else if (dice < REFILL) this.#refill(u, home, to);
    else if (dice < ANYWHERE) this.#shift(this.#choices.anyUnit(), this.#choices.anyNode());
    else if (dice < HOME) this.#shift(u, home);
    else if (dice < RETARGET) this.#retarget(u, this.#choices.anyNode());
    else if (dice < REPLACE) this.#replace(u, this.#choices.unitFrom(home));
    else if (dice < TRADE_TARGETS) this.#swap(u, this.#choices.anyMoved());
    else if (dice < FOLLOW) this.#shift(this.#choices.unitFrom(home), to);
    else if (dice < SWAP_ANY) this.#swap(u, this.#choices.anyUnit());
    else this.#twoForOne(u, this.#choices.unitFrom(home), home, to);
  }

  /** A unit moves and the windows follow it: in a small cluster one guest can be larger than a window is wide. */
  leap(allowed: number): void {
    const { loads, problem } = this.#placement;
    const u = this.#choices.anyUnit();
    const to = this.#choices.anyNode();
    const from = this.#placement.at[u] ?? -1;
    const delta = this.#placement.deltaOf(u, to);
    if (u < 0 || from < 0 || delta === Number.POSITIVE_INFINITY) return;
    const before = loads.gapSeconds() + loads.overSeconds();
    const edges = windowEdges(this.#placement);
    const moved = this.#placement.loads.delta(u, from, -1, to, Number.POSITIVE_INFINITY);
    this.#move(u, to);
    fitWindows(this.#placement);
    const gap = loads.gapSeconds() + loads.overSeconds() - before;
    if (delta - moved + gap * loads.urgency <= allowed) {
      this.#best.update();
      return;
    }
    this.#move(u, from);
    edges.forEach((edge, d) => {
      moveWindow(loads, problem, d, edge);
    });
    loads.recount();
  }

  /** Nothing has moved yet. */
  #startAnew(dice: number): void {
    if (dice < 50) this.#shift(this.#choices.anyUnit(), this.#choices.anyNode());
    else this.#swap(this.#choices.anyUnit(), this.#choices.anyUnit());
  }

  /** A unit that is where it must not be goes where it may; then others make room for it. */
  #house(u: number): void {
    const to = this.#choices.anyNode();
    let delta = this.#placement.deltaOf(u, to);
    if (!this.#placement.mayBe(u, to) || delta === Number.POSITIVE_INFINITY) return;
    this.#undo.length = 0;
    this.#put(u, to);
    for (let tries = 0; tries < ROOM_TRIES; tries++) {
      const away = this.#bestDeparture(u, to, this.#choices.anyNode(), this.#choices.anyNode());
      if (away.u < 0) continue;
      delta += away.delta;
      this.#put(away.u, away.to);
    }
    this.#keepOrUndo(delta);
  }

  #shift(u: number, to: number): void {
    if (u < 0 || to < 0 || this.#mobile[u] !== 1) return;
    if (this.#placement.deltaOf(u, to, this.#allowed) > this.#allowed) return;
    this.#move(u, to);
    this.#best.update();
  }

  /** A moved unit goes elsewhere; where it meets one that it must be apart from, that one leaves. */
  #retarget(u: number, to: number): void {
    const partner = this.#placement.crowds.partnerOf(u, this.#placement.at, to);
    if (partner < 0 || this.#mobile[partner] !== 1) {
      this.#shift(u, to);
      return;
    }
    const from = this.#placement.at[u] ?? -1;
    const away = this.#sequence.next() < 0.5 ? from : this.#choices.anyNode();
    const delta = this.#placement.deltaOf(u, to);
    if (this.#mobile[u] !== 1 || delta === Number.POSITIVE_INFINITY || away < 0) return;
    this.#undo.length = 0;
    this.#put(u, to);
    const more = this.#placement.deltaOf(partner, away);
    if (more < Number.POSITIVE_INFINITY) this.#put(partner, away);
    this.#keepOrUndo(delta + more);
  }

  #swap(u: number, v: number): void {
    if (v < 0 || this.#mobile[v] !== 1 || this.#mobile[u] !== 1) return;
    if (this.#placement.deltaOfSwap(u, v, this.#allowed) > this.#allowed) return;
    const a = this.#placement.at[u] ?? -1;
    this.#move(u, this.#placement.at[v] ?? -1);
    this.#move(v, a);
    this.#best.update();
  }

  /** A unit goes home, and another of the same home takes its place. */
  #replace(u: number, v: number): void {
    if (v >= 0) this.#swap(u, this.#choices.fitting(v, u, -1));
  }

  /** A unit goes home, another of the same home takes its place, and a third one goes home too. */
  #twoForOne(u: number, other: number, home: number, to: number): void {
    const { at } = this.#placement;
    if (other < 0 || home < 0 || at[other] !== home || this.#mobile[u] !== 1) return;
    const third = this.#thirdFor(u, home, to);
    const thirdHome = this.#homeOf[third] ?? -1;
    const v = this.#choices.fitting(other, u, third);
    if (thirdHome < 0 || at[v] !== home) return;
    const delta = this.#placement.deltaOfSwap(u, v);
    if (delta === Number.POSITIVE_INFINITY) return;
    this.#undo.length = 0;
    this.#put(u, home);
    this.#put(v, to);
    const more = this.#placement.deltaOf(third, thirdHome);
    if (more < Number.POSITIVE_INFINITY) this.#put(third, thirdHome);
    this.#keepOrUndo(delta + more);
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

  /** A unit that stayed so far moves; then those that became superfluous go home, and others make room for it. */
  #insert(home: number, target: number): void {
    const from = this.#sequence.next() < 0.7 ? home : this.#choices.anyNode();
    const to = this.#sequence.next() < 0.7 ? target : this.#choices.anyNode();
    const aside = this.#choices.anyNode();
    const v = this.#choices.unitFrom(from);
    if (v < 0 || this.#placement.at[v] !== from) return;
    let delta = this.#placement.deltaOf(v, to);
    if (delta === Number.POSITIVE_INFINITY) return;
    this.#undo.length = 0;
    this.#put(v, to);
    for (;;) {
      const back = this.#bestReturn(v, from, to);
      const away = this.#bestDeparture(v, to, from, aside);
      const next = back.delta <= away.delta ? back : away;
      if (next.u < 0) break;
      delta += next.delta;
      this.#put(next.u, next.to);
    }
    this.#keepOrUndo(delta);
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

  /** A unit goes home; then others of the same home take its place, there or on one other node. */
  #refill(u: number, home: number, to: number): void {
    if (home < 0 || this.#mobile[u] !== 1) return;
    let delta = this.#placement.deltaOf(u, home);
    if (delta === Number.POSITIVE_INFINITY) return;
    this.#undo.length = 0;
    this.#put(u, home);
    const other = this.#choices.anyNode();
    for (;;) {
      const next = this.#bestDeparture(u, home, to, other);
      if (next.u < 0) break;
      delta += next.delta;
      this.#put(next.u, next.to);
    }
    this.#keepOrUndo(delta);
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

  #put(u: number, to: number): void {
    this.#undo.push(u, this.#placement.at[u] ?? -1);
    this.#move(u, to);
  }

  #move(u: number, to: number): void {
    this.#placement.move(u, to);
    this.#best.touch(u);
    this.#choices.note(u, to);
  }

  #keepOrUndo(delta: number): void {
    if (delta <= this.#allowed) {
      this.#best.update();
      return;
    }
    for (let k = this.#undo.length - 2; k >= 0; k -= 2) {
      this.#move(this.#undo[k] ?? 0, this.#undo[k + 1] ?? 0);
    }
  }
}
