import type { Clock } from "@kappa4/sdk";

/** Time of day is real, waiting is thirty times as fast; `shift` sets the clock forward. */
export interface HurriedClock extends Clock {
  shift(ms: number): void;
}

/** Makes one. */
export function hurriedClock(): HurriedClock {
  let shifted = 0;
  return {
    now: () => Date.now() + shifted,
    shift(ms) {
      shifted += ms;
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const timer = setTimeout(resolve, ms / 30);
        signal?.addEventListener("abort", () => {
          clearTimeout(timer);
          reject(signal.reason);
        });
      }),
  };
}
