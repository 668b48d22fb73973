import { type ErrorCode, Kappa4Error } from "@kappa4/sdk";

const FIRST_MS = 10_000;
const LONGEST_MS = 15 * 60_000;

/** What does not change by asking again. A token that is refused is not among it: it concerns the bot, not the message. */
const FINAL: readonly ErrorCode[] = [
  ...(["permission", "failed_precondition", "not_found"] as const),
  ...(["invalid_argument", "unsupported", "protocol"] as const),
];

/** Tells whether a surface will take a message as little later as it did now. */
export function isFinal(error: unknown): boolean {
  return Kappa4Error.is(error) && !error.retryable && FINAL.includes(error.code);
}

/** Tells whether a message may have got out though sending it failed. */
export function isDoubtful(error: unknown): boolean {
  return Kappa4Error.is(error) && error.outcome === "unknown";
}

/** How long to wait after an attempt that failed, in milliseconds: what the surface asked for, and ever longer. */
export function retryDelay(attempt: number, error: unknown): number {
  const own = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 20));
  return Math.max(own, askedFor(error) ?? 0);
}

function askedFor(error: unknown): number | undefined {
  if (!Kappa4Error.is(error, "rate_limited") || !("retryAfterMs" in error)) return undefined;
  return typeof error.retryAfterMs === "number" ? error.retryAfterMs : undefined;
}
