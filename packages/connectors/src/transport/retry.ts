import pRetry from "p-retry";
import type { Clock } from "../contract/connector.ts";
import { Kappa4Error } from "../contract/errors.ts";

/** When a failed read is worth another attempt, and after how long. */
export interface RetryPolicy {
  readonly retries: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds of the call's whole budget that are left. */
  remainingMs(): number;
  /** What the last answer asked for in `Retry-After`. */
  retryAfterMs(): number | undefined;
  /** Whether the next attempt goes to an entry point that this call has not tried: then nothing is waited for. */
  isFreshEntry(): boolean;
}

const BASE_MS = 250;
const CAP_MS = 20_000;
const LONGEST_RETRY_AFTER_MS = 60_000;
/** A failure without a known reason may pass or stay; further attempts than these only put off the bad news. */
const MOST_FAILURES = 2;
const LINE_CODES: ReadonlySet<string> = new Set([
  "rate_limited",
  "unavailable",
  "network",
  "timeout",
]);

/** Whether an error is about the line and not about what was asked. */
export function isLineError(error: unknown): error is Kappa4Error {
  return Kappa4Error.is(error) && LINE_CODES.has(error.code);
}

/**
 * Repeats `attempt` while it fails with `rate_limited`, `unavailable`, `network` or `timeout`: exponential
 * back-off with full jitter on the given clock, `Retry-After` as a lower bound. A wish to wait for more than
 * 60 s, or for longer than the budget, gives the error to the caller instead. A retryable `operation_failed`, which
 * is an answer nobody knows the meaning of, is asked for again twice.
 */
export function withRetries<T>(attempt: () => Promise<T>, policy: RetryPolicy): Promise<T> {
  return pRetry(attempt, {
    retries: policy.retries,
    minTimeout: 0,
    signal: policy.signal,
    shouldRetry: async ({ error, retriesConsumed }) => {
      if (!isWorthwhile(error, retriesConsumed)) return false;
      if (policy.isFreshEntry() && error.code !== "rate_limited") return policy.remainingMs() > 0;
      const asked = policy.retryAfterMs() ?? 0;
      if (asked > LONGEST_RETRY_AFTER_MS) return false;
      const delay = asked + policy.random() * Math.min(CAP_MS, BASE_MS * 2 ** retriesConsumed);
      if (delay >= policy.remainingMs()) return false;
      await policy.clock.sleep(delay, policy.signal);
      return true;
    },
  });
}

function isWorthwhile(error: unknown, retriesConsumed: number): error is Kappa4Error {
  if (!Kappa4Error.is(error) || !error.retryable) return false;
  if (LINE_CODES.has(error.code)) return true;
  return error.code === "operation_failed" && retriesConsumed < MOST_FAILURES;
}
