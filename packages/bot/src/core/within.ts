import type { Clock } from "@kappa4/sdk";

/** Waits for something, but no longer than a given time; leaves no timer behind that would keep the process alive. */
export async function within(clock: Clock, ms: number, work: Promise<unknown>): Promise<void> {
  const done = new AbortController();
  const late = clock.sleep(ms, done.signal).catch((error: unknown) => {
    if (!done.signal.aborted) throw error;
  });
  try {
    await Promise.race([work, late]);
  } finally {
    done.abort();
  }
}
