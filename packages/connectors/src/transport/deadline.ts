/** A signal that ends when the caller's does or when time is up, and that tells which of the two it was. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Whether time ran out, as opposed to the caller having stopped. */
  isExpired(): boolean;
  /** Lets go of the timer and of the caller's signal. */
  clear(): void;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Starts a deadline. It runs on real time, whatever clock the connector has: sockets live in real time, and a
 * virtual clock that jumps ahead must not cut a request that is on its way.
 */
export function startDeadline(timeoutMs: number, signal?: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  let expired = false;
  const stop = (): void => controller.abort(signal?.reason);
  const timer = setTimeout(
    () => {
      expired = true;
      controller.abort(new DOMException("time is up", "TimeoutError"));
    },
    Math.min(Math.max(timeoutMs, 0), LONGEST_TIMER_MS),
  );
  if (signal?.aborted) stop();
  signal?.addEventListener("abort", stop, { once: true });
  return {
    signal: controller.signal,
    isExpired: () => expired && !(signal?.aborted ?? false),
    clear: () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    },
  };
}

/** Waits for a promise, but no longer than until the signal is aborted; then rejects with its reason. */
export async function untilAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (signal === undefined) return promise;
  signal.throwIfAborted();
  let stop = (): void => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([promise, stopped]);
  } finally {
    signal.removeEventListener("abort", stop);
    // Whoever stopped waiting no longer hears of a failure, and nobody else has to.
    promise.catch(() => undefined);
  }
}
