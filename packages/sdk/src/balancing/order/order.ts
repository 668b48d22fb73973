import type { Placement } from "../search/placement.ts";
import { Detours } from "./detours.ts";
import { Traffic, type Transfer } from "./traffic.ts";

/** Transfers in an order that is safe on the way. */
export interface Schedule {
  /** Transfers of a wave may run at the same time. */
  readonly waves: readonly (readonly Transfer[])[];
  /** Transfers for which no safe order was found; they are left out. */
  readonly dropped: readonly Transfer[];
}

/**
 * Puts transfers into waves: both copies of a travelling guest count, no node goes over its limits or takes
 * more at once than allowed, and guests that must be apart do not meet on the way. The longest transfers go
 * first. Where no transfer can go, a detour makes room.
 */
export function schedule(placement: Placement, transfers: readonly Transfer[]): Schedule {
  const { model, guestSeconds } = placement.problem;
  const end = model.home.slice();
  for (const { guest, to } of transfers) end[guest] = to;
  const traffic = new Traffic(placement.problem, end);
  const detours = new Detours(placement, traffic);
  const longestFirst = (a: Transfer, b: Transfer): number =>
    (guestSeconds[b.guest] ?? 0) - (guestSeconds[a.guest] ?? 0) || a.guest - b.guest;
  let waiting = [...transfers].sort(longestFirst);
  const waves: (readonly Transfer[])[] = [];
  while (waiting.length > 0) {
    for (const transfer of waiting) {
      if (detours.mayGo(transfer) && traffic.admits(transfer)) traffic.start(transfer);
    }
    const wave = traffic.finishWave();
    if (wave.length > 0) {
      waves.push(wave);
      waiting = waiting.filter((transfer) => !wave.includes(transfer));
      continue;
    }
    const found = detours.find(waiting);
    if (found === undefined) break;
    waiting = [found.first, ...waiting.filter((transfer) => transfer !== found.instead)];
    if (found.later !== undefined) waiting = [...waiting, found.later].sort(longestFirst);
  }
  return { waves, dropped: waiting };
}

/** Puts transfers whose order is safe into waves without changing it: those in a row that do not need each other run together. */
export function inTurn(placement: Placement, transfers: readonly Transfer[]): Schedule {
  const end = placement.problem.model.home.slice();
  for (const { guest, to } of transfers) end[guest] = to;
  const traffic = new Traffic(placement.problem, end);
  const waves: (readonly Transfer[])[] = [];
  for (const [turn, transfer] of transfers.entries()) {
    if (!traffic.admits(transfer)) {
      const wave = traffic.finishWave();
      if (wave.length > 0) waves.push(wave);
      if (!traffic.admits(transfer)) return { waves, dropped: transfers.slice(turn) };
    }
    traffic.start(transfer);
  }
  const last = traffic.finishWave();
  return { waves: last.length > 0 ? [...waves, last] : waves, dropped: [] };
}
