import { Chain } from "./chain.ts";
import { Chains } from "./chains.ts";
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
  readonly #chain: Chain;
  readonly #chains: Chains;
  #allowed = 0;

  constructor(placement: Placement, sequence: Sequence, best: Standing) {
    const { homeOf, mobile } = placement.problem;
    this.#placement = placement;
    this.#sequence = sequence;
    this.#best = best;
    this.#homeOf = homeOf;
    this.#mobile = mobile;
    this.#choices = new Choices(placement, sequence);
    this.#chain = new Chain(placement, best, this.#choices);
    this.#chains = new Chains(placement, sequence, this.#choices, this.#chain);
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
      this.#chains.house(homeless.at(this.#sequence.below(homeless.size)), allowed);
      return;
    }
    if (this.#choices.moved.size === 0) {
      this.#startAnew(dice);
      return;
    }
    const u = this.#choices.anyMoved();
    const home = this.#homeOf[u] ?? -1;
    const to = at[u] ?? 0;
    if (dice < INSERT) this.#chains.insert(home, to, allowed);
    else if (dice < REFILL) this.#chains.refill(u, home, to, allowed);
    else if (dice < ANYWHERE) this.#shift(this.#choices.anyUnit(), this.#choices.anyNode());
    else if (dice < HOME) this.#shift(u, home);
    else if (dice < RETARGET) this.#retarget(u, this.#choices.anyNode());
    else if (dice < REPLACE) this.#replace(u, this.#choices.unitFrom(home));
    else if (dice < TRADE_TARGETS) this.#swap(u, this.#choices.anyMoved());
    else if (dice < FOLLOW) this.#shift(this.#choices.unitFrom(home), to);
    else if (dice < SWAP_ANY) this.#swap(u, this.#choices.anyUnit());
    else this.#chains.twoForOne(u, home, to, allowed);
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
    this.#chain.move(u, to);
    fitWindows(this.#placement);
    const gap = loads.gapSeconds() + loads.overSeconds() - before;
    if (delta - moved + gap * loads.urgency <= allowed) {
      this.#best.update();
      return;
    }
    this.#chain.move(u, from);
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

  #shift(u: number, to: number): void {
    if (u < 0 || to < 0 || this.#mobile[u] !== 1) return;
    if (this.#placement.deltaOf(u, to, this.#allowed) > this.#allowed) return;
    this.#chain.move(u, to);
    this.#best.update();
  }

  /** A moved unit goes elsewhere; where it meets one that it must be apart from, that one leaves. */
  #retarget(u: number, to: number): void {
    const partner = this.#placement.crowds.partnerOf(u, this.#placement.at, to);
    if (partner < 0 || this.#mobile[partner] !== 1) {
      this.#shift(u, to);
      return;
    }
    this.#chains.retarget(u, to, partner, this.#allowed);
  }

  #swap(u: number, v: number): void {
    if (v < 0 || this.#mobile[v] !== 1 || this.#mobile[u] !== 1) return;
    if (this.#placement.deltaOfSwap(u, v, this.#allowed) > this.#allowed) return;
    const a = this.#placement.at[u] ?? -1;
    this.#chain.move(u, this.#placement.at[v] ?? -1);
    this.#chain.move(v, a);
    this.#best.update();
  }

  /** A unit goes home, and another of the same home takes its place. */
  #replace(u: number, v: number): void {
    if (v >= 0) this.#swap(u, this.#choices.fitting(v, u, -1));
  }
}
