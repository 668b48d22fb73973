import type { ErrorContext, Kappa4Error } from "../../contract/errors.ts";
import type { Operation, OperationStatus } from "../../contract/operation.ts";
import { untilAborted } from "../../transport/deadline.ts";
import { keepProgress, type Look, waitFor } from "../../transport/wait.ts";
import type { ProxmoxContext } from "./context.ts";

/** Follows one piece of long work; each look goes on where the last one stopped. */
export interface Follower<Result> {
  look(): Promise<Look<Result>>;
  cancel(signal: AbortSignal | undefined): Promise<"requested" | "not_supported" | "too_late">;
}

/** What an operation is called. */
export interface OperationNames {
  readonly id: string;
  readonly token: string;
  /** For messages: `migrate of vm:100 on "gold"`. */
  readonly name: string;
  readonly context: ErrorContext;
}

/**
 * Makes an operation out of a follower. Once its end is known it is not looked at again; an end that is unknown
 * may be known to whoever asks later.
 */
export function followedOperation<Result>(
  { clock, pollIntervalMs }: ProxmoxContext,
  names: OperationNames,
  follower: Follower<Result>,
): Operation<Result> {
  const { id, token, name, context } = names;
  const keep = keepProgress();
  let last: Look<Result> | undefined;
  let looking: Promise<Look<Result>> | undefined;

  async function lookAgain(): Promise<Look<Result>> {
    const { status, result } = await follower.look();
    last = { status: keep(status), result };
    return last;
  }

  // Looks share one state machine, so two at a time would trip over each other. One look serves all who wait for
  // it, so it ends for nobody's sake; each of them may stop waiting.
  async function look(signal: AbortSignal | undefined): Promise<Look<Result>> {
    signal?.throwIfAborted();
    if (looking !== undefined)
      await untilAborted(
        looking.catch(() => undefined),
        signal,
      );
    if (last !== undefined && hasEnded(last)) return last;
    if (looking === undefined) {
      looking = lookAgain().finally(() => {
        looking = undefined;
      });
      // Those who wait hear of a failure; when all have gone, nobody has to.
      looking.catch(() => undefined);
    }
    return untilAborted(looking, signal);
  }

  return {
    id,
    token,
    status: async (options = {}) => (await look(options.signal)).status,
    done: (options = {}) =>
      waitFor({
        ...options,
        clock,
        look,
        name,
        context,
        intervalMs: pollIntervalMs,
        maxIntervalMs: pollIntervalMs * 3,
      }),
    cancel: async (options = {}) => {
      if (last !== undefined && hasEnded(last)) return "too_late";
      return follower.cancel(options.signal);
    },
  };
}

/** An operation for what was so already: it has ended before it began. */
export function endedOperation<Result>(
  token: string,
  value: Result,
  warnings: readonly string[] = [],
): Operation<Result> {
  const status = succeeded(warnings);
  return {
    id: "none",
    token,
    status: async () => status,
    done: async (options = {}) => {
      options.signal?.throwIfAborted();
      options.onProgress?.(status);
      return value;
    },
    cancel: async () => "too_late",
  };
}

function hasEnded({ status, result }: Look<unknown>): boolean {
  return result !== undefined || (status.error !== undefined && status.state !== "unknown");
}

/** The status of work that ended well. */
export function succeeded(warnings: readonly string[], startedAt?: Date): OperationStatus {
  return { state: "succeeded", progress: 1, warnings, startedAt };
}

/** A look that ends the waiting with an error. */
export function failedLook(
  error: Kappa4Error,
  state: "failed" | "cancelled" | "unknown" = error.outcome === "unknown" ? "unknown" : "failed",
): Look<never> {
  return { status: { state, progress: null, warnings: [], error } };
}

/** A look that finds the work going on. */
export function runningLook(
  state: "pending" | "running" | "unknown",
  stage: string,
  progress: number | null = null,
  startedAt?: Date,
): Look<never> {
  return { status: { state, progress, stage, startedAt, warnings: [] } };
}
