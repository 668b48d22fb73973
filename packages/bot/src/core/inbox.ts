import type { Clock } from "@kappa4/sdk";

/** Remembers which requests have been taken in, so that one that arrives twice has one effect. */
export interface Inbox {
  /** True for the first caller with any of the keys; false when one of them is known already. */
  claim(keys: readonly string[]): Promise<boolean>;
}

const KEEP_MS = 24 * 60 * 60 * 1000;

/** Makes an inbox in memory: keys are kept for 24 hours. */
export function createMemoryInbox(clock: Clock): Inbox {
  const seen = new Map<string, number>();
  return {
    async claim(keys) {
      const now = clock.now();
      forgetBefore(seen, now - KEEP_MS);
      const isNew = keys.every((key) => !seen.has(key));
      for (const key of keys) if (!seen.has(key)) seen.set(key, now);
      return isNew;
    },
  };
}

/** Entries are in the order of their arrival, so the old ones are in front. */
function forgetBefore(seen: Map<string, number>, instant: number): void {
  for (const [key, at] of seen) {
    if (at >= instant) return;
    seen.delete(key);
  }
}
