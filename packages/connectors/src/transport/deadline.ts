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
