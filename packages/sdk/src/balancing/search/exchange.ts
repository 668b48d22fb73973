import { firstWhere } from "./first-where.ts";
import type { MemoryNodes } from "./memory-nodes.ts";

/** A node above its window, and what it gives. */
export interface Giver {
  readonly n: number;
  /** Units each of which brings it into the window, the lightest first. */
  readonly choices: readonly number[];
  /** Place of the one that it gives. */
  chosen: number;
}

/** A node below its window, and who fills it. */
export interface Taker {
  readonly n: number;
  /** Bytes up to the lower edge. */
  readonly need: number;
  /** Bytes that come. */
  sum: number;
  readonly givers: Giver[];
}

/** One giver gives another guest. */
interface Offer {
  readonly giver: Giver;
  readonly place: number;
  /** Bytes that come more, or less. */
  readonly more: number;
}

/**
 * Has one or two of those that fill a node give another guest, so that it ends above its lower edge by as little as can
 * be. Fifty guests on each of a few nodes make so many sums of two that one is nearly what is wanted.
 */
export function exchange(taker: Taker, { bytes }: MemoryNodes): void {
  const offers = taker.givers
    .flatMap((giver) => {
      const now = bytes(giver.choices[giver.chosen] ?? 0);
      return giver.choices.map((u, place): Offer => ({ giver, place, more: bytes(u) - now }));
    })
    .sort((a, b) => a.more - b.more || a.giver.n - b.giver.n);
  const more = (index: number): number => offers[index]?.more ?? 0;
  const missing = taker.need - taker.sum;
  let least = Number.POSITIVE_INFINITY;
  let best: readonly Offer[] = [];
  for (const one of offers) {
    const enough = firstWhere(offers.length, (index) => one.more + more(index) >= missing);
    const other = offers.slice(enough).find(({ giver }) => giver !== one.giver);
    if (other === undefined) continue;
    const over = one.more + other.more - missing;
    if (over >= least) continue;
    least = over;
    best = [one, other];
  }
  for (const { giver, more: amount, place } of best) {
    giver.chosen = place;
    taker.sum += amount;
  }
}
