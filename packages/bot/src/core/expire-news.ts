import { type EventType, Kappa4Error } from "@kappa4/sdk";
import { deliver } from "./deliver.ts";
import type { FollowerParts } from "./follower.ts";
import { sortExpired } from "./sort-news.ts";
import { WHEN_EMBEDDED } from "./summary-view.ts";

/** Which events are too old to be told. */
export interface ExpireOptions {
  readonly types: readonly EventType[];
  /** Exclusive. */
  readonly before: Date;
}

const MOST = 500;

/**
 * Gives up events that nobody was told of in time: those that concerned somebody are logged and settled as failed, so
 * that none ends in silence. Tells whether there may be more of them.
 */
export async function expireNews(
  parts: Pick<FollowerParts, "kappa4" | "logger" | "platform">,
  { types, before: to }: ExpireOptions,
): Promise<boolean> {
  const { kappa4, platform: place } = parts;
  const from = new Date(0);
  const expired = await kappa4.events.untold({ place, types, from, to, limit: MOST });
  const { lost, over } = sortExpired(expired);
  if (over.length > 0) {
    const claims = await kappa4.events.claim({ events: over.map(({ id }) => id), place });
    await deliver(parts, claims, async () => []);
  }
  if (lost.length > 0) {
    const claims = await kappa4.events.claim({ events: lost.map(({ id }) => id), place });
    await deliver(parts, claims, () => Promise.reject(tooOld(place)));
  }
  return expired.length === MOST;
}

function tooOld(place: string): Kappa4Error {
  return new Kappa4Error(
    "failed_precondition",
    `Nobody could be told of it in ${place} while it was of interest; look at it with kappa4 events list, ${WHEN_EMBEDDED}.`,
  );
}
