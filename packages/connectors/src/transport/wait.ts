import type { Clock } from "../contract/connector.ts";
import { type ErrorContext, Kappa4Error } from "../contract/errors.ts";
import type { OperationStatus, WaitOptions } from "../contract/operation.ts";
import { isLineError } from "./retry.ts";

/** One look at long work. Waiting ends with `result`, or with the error of `status`; else it goes on. */
export interface Look<Result> {
  readonly status: OperationStatus;
  readonly result?: { readonly value: Result } | undefined;
}

/** Options of {@link waitFor}. */
export interface WaitForOptions<Result> extends WaitOptions {
  readonly clock: Clock;
  look(signal: AbortSignal | undefined): Promise<Look<Result>>;
  /** First pause between two looks. Default 250 ms. */
  readonly intervalMs?: number | undefined;
  /** Longest pause: each is 1.5 times the one before while nothing new is seen. Default 5000 ms. */
  readonly maxIntervalMs?: number | undefined;
  /** How long looks may fail on the line before waiting gives up. Default 300 000 ms. */
  readonly patienceMs?: number | undefined;
  /** What is waited for, for errors: `migrate of vm:100 on "gold"`. */
  readonly name: string;
  readonly context: ErrorContext;
}

const GROWTH = 1.5;

/**
 * Looks again and again until the work has a result or an error. Stopping (signal, `totalTimeoutMs`) stops the
 * waiting only: `signal.reason`, or `timeout` with outcome `unknown`. A line that is down for longer than
 * `patienceMs` gives its own error with outcome `unknown`.
 */
export async function waitFor<Result>(options: WaitForOptions<Result>): Promise<Result> {
  const { clock, signal, onProgress, totalTimeoutMs, intervalMs = 250 } = options;
  const maxIntervalMs = Math.max(intervalMs, options.maxIntervalMs ?? 5000);
  const endsAt =
    totalTimeoutMs === undefined ? Number.POSITIVE_INFINITY : clock.now() + totalTimeoutMs;
  const keep = keepProgress();
  let pauseMs = intervalMs;
  let seen = "";
  let silentSince: number | undefined;
  let ended: Kappa4Error | undefined;
  for (;;) {
    signal?.throwIfAborted();
    try {
      const { status, result } = await options.look(signal);
      silentSince = undefined;
      ended = status.error;
      const kept = keep(status);
      const news = JSON.stringify([kept.state, kept.progress, kept.stage, kept.warnings.length]);
      pauseMs = news === seen ? Math.min(maxIntervalMs, pauseMs * GROWTH) : intervalMs;
      if (news !== seen) onProgress?.(kept);
      seen = news;
      if (result !== undefined) return result.value;
    } catch (error) {
      if (!isLineError(error) || !error.retryable) throw error;
      silentSince ??= clock.now();
      if (clock.now() - silentSince >= (options.patienceMs ?? 300_000)) {
        throw givenUp(error, options);
      }
      pauseMs = Math.min(maxIntervalMs, pauseMs * GROWTH);
    }
    if (ended !== undefined) throw ended;
    if (clock.now() + pauseMs > endsAt) throw outOfTime(options);
    await clock.sleep(pauseMs, signal);
  }
}

/** Makes a filter that lets progress never fall from one look to the next. */
export function keepProgress(): (status: OperationStatus) => OperationStatus {
  let highest: number | null = null;
  return (status) => {
    if (status.progress !== null) {
      highest = Math.max(highest ?? 0, Math.min(1, Math.max(0, status.progress)));
    }
    return { ...status, progress: highest };
  };
}

function outOfTime<Result>(options: WaitForOptions<Result>): Kappa4Error {
  return new Kappa4Error(
    "timeout",
    `${options.name} has not ended in the time given; it goes on over there, so wait again with the operation's token.`,
    { outcome: "unknown", context: options.context },
  );
}

function givenUp<Result>(error: Kappa4Error, options: WaitForOptions<Result>): Kappa4Error {
  return new Kappa4Error(
    error.code,
    `${options.name} can no longer be followed because the other side does not answer; wait again with the operation's token when it does.`,
    { outcome: "unknown", context: options.context, cause: error },
  );
}
