import type { Stopwatch } from "../../src/runs/stopwatch.ts";

/** A stopwatch that goes on only when it is told to. */
export interface HandStopwatch extends Stopwatch {
  advance(ms: number): void;
}

/** Makes one that stands at zero. */
export function handStopwatch(): HandStopwatch {
  let now = 0;
  const ticks = new Set<{ readonly ms: number; next: number; tick(): void }>();
  return {
    now: () => now,
    every(ms, tick) {
      const one = { ms, next: now + ms, tick };
      ticks.add(one);
      return () => void ticks.delete(one);
    },
    advance(ms) {
      const until = now + ms;
      while (now < until) {
        now = Math.min(until, ...[...ticks].map(({ next }) => next));
        for (const one of [...ticks]) {
          if (one.next > now || !ticks.has(one)) continue;
          one.next += one.ms;
          one.tick();
        }
      }
    },
  };
}
