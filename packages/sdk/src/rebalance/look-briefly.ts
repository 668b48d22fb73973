import { type ClusterSnapshot, type ErrorCode, Kappa4Error } from "@kappa4/connectors";
import type { BaseContext } from "../actions/context.ts";

/** Nobody waits longer than that for a yes to be taken. */
const LIMIT_MS = 30_000;
/** What says that a cluster does not answer, and nothing else. */
const NO_ANSWER: ReadonlySet<ErrorCode> = new Set(["network", "timeout", "unavailable"]);

/**
 * Looks at a cluster while somebody waits, for 30 s at most. Throws `failed_precondition` where this program lacks the
 * connection, `timeout`, `network` or `unavailable` where the cluster does not answer, and what else the look throws.
 */
export async function lookBriefly(
  { systems, signal }: Pick<BaseContext, "systems" | "signal">,
  connection: string,
  limitMs: number = LIMIT_MS,
): Promise<ClusterSnapshot> {
  const limit = AbortSignal.timeout(limitMs);
  const stop = signal === undefined ? limit : AbortSignal.any([signal, limit]);
  const look = async (): Promise<ClusterSnapshot> =>
    (await systems.cluster(connection)).snapshot({ signal: stop });
  try {
    return await Promise.race([look(), raised(stop)]);
  } catch (error) {
    signal?.throwIfAborted();
    if (limit.aborted) throw unanswered(connection, "timeout", error);
    if (!Kappa4Error.is(error) || !NO_ANSWER.has(error.code)) throw error;
    throw unanswered(connection, error.code, error);
  }
}

/** Refuses what takes a look at a cluster that this program cannot reach. Throws `failed_precondition`. */
export function refuseUnconnected(
  { systems }: Pick<BaseContext, "systems">,
  connection: string,
): void {
  try {
    systems.nameOf(connection);
  } catch (cause) {
    if (!Kappa4Error.is(cause, "not_found")) throw cause;
    const message = `This program has no connection "${connection}", so it cannot look at the cluster, and what is asked for or approved here does not count; do it in a program whose configuration has the connection. Denying and withdrawing work here as well.`;
    throw new Kappa4Error("failed_precondition", message, { retryable: false, cause });
  }
}

function unanswered(connection: string, code: ErrorCode, cause: unknown): Kappa4Error {
  const message = `The cluster of connection "${connection}" could not be looked at, so nothing can be asked for there and no vote counts now; try again once it answers. Denying and withdrawing work without it.`;
  return new Kappa4Error(code, message, { cause, context: { connector: connection } });
}

/** Rejects once a signal is raised, also where the work does not heed it. */
function raised(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    if (signal.aborted) reject(signal.reason);
  });
}
