/** Real time, which no test clock replaces: what two processes agree on must not depend on what one of them believes. */
export interface Stopwatch {
  /** Milliseconds that only ever rise. */
  now(): number;
  /** Calls back again and again; returns what ends it. */
  every(ms: number, tick: () => void): () => void;
}

/** The machine's own. */
export const stopwatch: Stopwatch = {
  now: () => performance.now(),
  every: (ms, tick) => {
    const timer = setInterval(tick, ms);
    return () => clearInterval(timer);
  },
};

/** Resolves after so many milliseconds. */
export function pause({ every }: Stopwatch, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const stop = every(ms, () => {
      stop();
      resolve();
    });
  });
}
