import type { Placement } from "../search/placement.ts";
import type { Traffic, Transfer } from "./traffic.ts";

/** A way out where no transfer can go. */
export interface Detour {
  /** Goes now. */
  readonly first: Transfer;
  /** Goes later: back, or on to where it was going. */
  readonly later?: Transfer | undefined;
  /** The waiting transfer that the two replace. */
  readonly instead?: Transfer | undefined;
}

/**
 * Finds detours: another guest leaves a full target for good, or a travelling guest waits on a third node, or
 * another guest leaves for a while. No detour breaks a rule or a limit, and each guest makes one at most.
 */
export class Detours {
  readonly #placement: Placement;
  readonly #traffic: Traffic;
  readonly #used = new Set<number>();
  /** Transfers that wait for another guest to arrive first. */
  readonly #after = new Map<Transfer, { readonly guest: number; readonly node: number }>();

  constructor(placement: Placement, traffic: Traffic) {
    this.#placement = placement;
    this.#traffic = traffic;
  }

  /** Whether what a transfer waits for has happened. */
  mayGo(transfer: Transfer): boolean {
    const awaited = this.#after.get(transfer);
    return awaited === undefined || this.#traffic.at[awaited.guest] === awaited.node;
  }

  /** Finds the cheapest detour of the best kind there is. */
  find(waiting: readonly Transfer[]): Detour | undefined {
    return this.#filler(waiting, true) ?? this.#parking(waiting) ?? this.#filler(waiting, false);
  }

  /** A guest that leaves the target of a waiting transfer, for good or until that one has arrived. */
  #filler(waiting: readonly Transfer[], forGood: boolean): Detour | undefined {
    const { guestSeconds } = this.#placement.problem;
    let best: Detour | undefined;
    let least = Number.POSITIVE_INFINITY;
    const candidates = this.#candidates(waiting);
    for (const blocked of waiting) {
      for (const guest of candidates.get(blocked.to) ?? []) {
        const seconds = guestSeconds[guest] ?? 0;
        if (seconds >= least || !this.#opens(guest, blocked)) continue;
        const to = this.#refuge(guest, forGood);
        if (to < 0) continue;
        least = seconds;
        const first = { guest, from: blocked.to, to, roomFor: blocked.guest };
        best = forGood ? { first } : { first, later: this.#return(first, blocked) };
      }
    }
    if (best === undefined) return undefined;
    this.#used.add(best.first.guest);
    if (forGood) this.#placement.move(this.#unitOf(best.first.guest), best.first.to);
    return best;
  }

  /** A waiting guest goes to a third node first, which frees the place that another one waits for. */
  #parking(waiting: readonly Transfer[]): Detour | undefined {
    const { guestSeconds } = this.#placement.problem;
    let best: Detour | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const instead of waiting) {
      const { guest, from, to } = instead;
      const seconds = guestSeconds[guest] ?? 0;
      if (seconds >= least || this.#used.has(guest)) continue;
      const opened = waiting.find((other) => other.to === from && this.#opens(guest, other));
      if (opened === undefined) continue;
      const via = this.#refuge(guest, false);
      if (via < 0 || via === to) continue;
      least = seconds;
      const first = { guest, from, to: via, roomFor: opened.guest };
      best = { first, later: { guest, from: via, to }, instead };
    }
    if (best !== undefined) this.#used.add(best.first.guest);
    return best;
  }

  #return(first: Transfer, blocked: Transfer): Transfer {
    const { guest, from: to, to: from } = first;
    // Where it had moved to before, it has reasons of its own to be there.
    const isHome = this.#placement.problem.model.home[guest] === to;
    const back = { guest, from, to, roomFor: isHome ? blocked.guest : undefined };
    this.#after.set(back, { guest: blocked.guest, node: blocked.to });
    return back;
  }

  /** By target: guests there that may move, are not on their way anyway and made no detour yet. */
  #candidates(waiting: readonly Transfer[]): ReadonlyMap<number, readonly number[]> {
    const { model, quiet, units } = this.#placement.problem;
    const found = new Map<number, number[]>(waiting.map(({ to }) => [to, []]));
    const travelling = new Set(waiting.map(({ guest }) => guest));
    this.#traffic.at.forEach((at, g) => {
      const here = found.get(at);
      if (here === undefined || model.counts[g] !== 1 || this.#used.has(g)) return;
      const u = units.of[g] ?? -1;
      const unit = units.all[u];
      if (unit?.members.length !== 1 || !unit.movable || !unit.levels) return;
      if (quiet.resting[u] !== 1 && !travelling.has(g)) here.push(g);
    });
    return found;
  }

  #opens(guest: number, blocked: Transfer): boolean {
    return this.#traffic.without(
      guest,
      () =>
        this.#traffic.hasRoom(blocked.guest, blocked.to) &&
        this.#traffic.isApart(blocked.guest, blocked.to),
    );
  }

  /** A node that can take a guest right now, the least loaded first; where it may stay for good if asked. */
  #refuge(guest: number, forGood: boolean): number {
    const { problem } = this.#placement;
    const u = this.#unitOf(guest);
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    problem.model.nodes.forEach((_, to) => {
      if (to === this.#traffic.at[guest] || problem.units.all[u]?.mask[to] !== 1) return;
      if (!this.#traffic.hasRoom(guest, to) || !this.#traffic.isApart(guest, to)) return;
      const i = to * problem.dims.length;
      const load = (this.#placement.loads.load[i] ?? 0) / (problem.capacity[i] ?? 1);
      if (load >= least || (forGood && !this.#mayStay(u, to))) return;
      least = load;
      best = to;
    });
    return best;
  }

  #mayStay(u: number, to: number): boolean {
    if (!this.#placement.allows(u, to)) return false;
    const delta = this.#placement.deltaOf(u, to);
    const from = this.#placement.at[u] ?? -1;
    const cost = this.#placement.costAt(u, to) - this.#placement.costAt(u, from);
    return delta - cost < 1e-6;
  }

  #unitOf(guest: number): number {
    return this.#placement.problem.units.of[guest] ?? -1;
  }
}
