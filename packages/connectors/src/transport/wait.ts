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
const SLIP_CODES: ReadonlySet<string> = new Set([
  "protocol",
  "operation_failed",
  "auth",
  "auth_expired",
  "permission",
]);
const MOST_SLIPS = 3;

/**
 * Looks again and again until the work has a result or an error. Stopping (signal, `totalTimeoutMs`) stops the
 * waiting only: `signal.reason`, or `timeout`. A look that fails says nothing about the work: a line that is down
 * is outlasted for `patienceMs`, an answer that makes no sense, a failure or a refusal for three looks in a row; then its own
 * error is thrown. All of these errors have outcome `unknown`.
 */
export async function waitFor<Result>(options: WaitForOptions<Result>): Promise<Result> {
  const { clock, signal, onProgress, totalTimeoutMs, intervalMs = 250 } = options;
  const maxIntervalMs = Math.max(intervalMs, options.maxIntervalMs ?? 5000);
  const endsAt =
    totalTimeoutMs === undefined ? Number.POSITIVE_INFINITY : clock.now() + totalTimeoutMs;
  const keep = keepProgress();
  const isTolerable = tolerance(clock, options.patienceMs ?? 300_000);
  let pauseMs = intervalMs;
  let seen = "";
  for (;;) {
    signal?.throwIfAborted();
    const look = await options.look(signal).catch((error: unknown) => {
      if (!Kappa4Error.is(error)) throw error;
      if (!isTolerable(error)) throw givenUp(error, options);
      return undefined;
    });
    pauseMs = Math.min(maxIntervalMs, pauseMs * GROWTH);
    if (look !== undefined) {
      isTolerable(undefined);
      const status = keep(look.status);
      const { state, progress, stage, warnings } = status;
      const news = JSON.stringify([state, progress, stage, warnings.length]);
      if (news !== seen) {
        onProgress?.(status);
        pauseMs = intervalMs;
        seen = news;
      }
      if (look.result !== undefined) return look.result.value;
      if (status.error !== undefined) throw status.error;
    }
    if (clock.now() + pauseMs > endsAt) throw outOfTime(options);
    await clock.sleep(pauseMs, signal);
  }
}

/** Makes the judge of failed looks; undefined tells it of one that went well. */
function tolerance(clock: Clock, patienceMs: number): (error: Kappa4Error | undefined) => boolean {
  let silentSince: number | undefined;
  let slips = 0;
  return (error) => {
    if (error === undefined) {
      silentSince = undefined;
      slips = 0;
      return true;
    }
    if (SLIP_CODES.has(error.code)) {
      slips += 1;
      return slips < MOST_SLIPS;
    }
    silentSince ??= clock.now();
    return isLineError(error) && error.retryable && clock.now() - silentSince < patienceMs;
  };
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
    `${options.name} can no longer be followed (${error.message.replace(/\.$/, "")}); it may go on over there, so wait again with the operation's token.`,
    { outcome: "unknown", context: options.context, cause: error },
  );
}
