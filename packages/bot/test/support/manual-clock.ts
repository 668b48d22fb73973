import type { Clock } from "@kappa4/sdk";

/** A clock that moves only when it is told to. */
export interface ManualClock extends Clock {
  /** Moves time on, wakes who is due in the order of their times, and lets what follows from it happen. */
  advance(ms: number): Promise<void>;
  /** How many sleep right now. */
  readonly sleepers: number;
}

/** Makes a clock that stands at 2 March 2026, 10:00 UTC. */
export function manualClock(): ManualClock {
  let now = Date.UTC(2026, 2, 2, 10);
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();
  return {
    now: () => now,
    get sleepers() {
      return sleepers.size;
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const sleeper = { at: now + ms, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        });
      }),
    async advance(ms) {
      const until = now + ms;
      for (;;) {
        await settle();
        const next = [...sleepers].sort((one, other) => one.at - other.at)[0];
        if (next === undefined || next.at > until) break;
        now = Math.max(now, next.at);
        sleepers.delete(next);
        next.wake();
      }
      now = until;
      await settle();
    },
  };
}

/** Lets everything happen that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
