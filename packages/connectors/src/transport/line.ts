import PQueue from "p-queue";
import type { Clock, Logger } from "../contract/connector.ts";
import { Kappa4Error } from "../contract/errors.ts";
import { contextOf, type HttpAnswer, nameRequest, type RequestInfo } from "./answers.ts";
import { type Deadline, startDeadline } from "./deadline.ts";
import { errorFromLine } from "./line-errors.ts";
import { type Outgoing, sendOnce } from "./send.ts";
import { type Lane, openLane, type TlsOptions } from "./tls.ts";
import { reportRequest } from "./trace.ts";

/** What one attempt brought. */
export type Attempted =
  | { readonly answer: HttpAnswer }
  | { readonly failure: Kappa4Error; readonly retryAfterMs: number | undefined };

/** A request as one attempt sends it. */
export interface AttemptRequest extends Outgoing {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** The sockets of one connection, and the queue in front of them. */
export interface Line {
  /** Sends once. Rejects only with `signal.reason`; all else that goes wrong is in what it gives. */
  attempt(request: AttemptRequest, whole: Deadline): Promise<Attempted>;
  close(): Promise<void>;
}

/** Options of {@link openLine}. */
export interface LineOptions {
  readonly connection: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tls: TlsOptions;
  readonly concurrency: number;
  classify(answer: HttpAnswer, request: RequestInfo): Kappa4Error | undefined;
}

const CONNECT_TIMEOUT_MS = 10_000;

/** Makes the line of a connection; opens no socket by itself. */
export function openLine(options: LineOptions): Line {
  const { connection, clock, logger, tls, concurrency } = options;
  const queue = new PQueue({ concurrency });
  const open = new Set<Lane>();
  let isClosed = false;
  const openTracked = (connections: number, keepAlive: boolean): Lane => {
    const lane = openLane(tls, { connections, keepAlive, connectTimeoutMs: CONNECT_TIMEOUT_MS });
    open.add(lane);
    return lane;
  };
  const reads = openTracked(concurrency, true);
  if (tls.verify === "none") {
    logger.warn({ connection }, "Certificates are not checked on this connection");
  }

  async function run(request: AttemptRequest, whole: Deadline): Promise<Attempted> {
    const { info } = request;
    if (isClosed) return failed(closedError(info, false));
    const limit = startDeadline(request.timeoutMs, whole.signal);
    // A write gets a connection of its own: one kept open may have been closed by the other side just now,
    // and then nobody could tell whether the write arrived.
    const lane = info.write ? openTracked(1, false) : reads;
    const startedAt = performance.now();
    let answer: HttpAnswer | undefined;
    let failure: Kappa4Error | undefined;
    try {
      answer = await sendOnce(request, lane.agent, limit.signal, clock);
      failure = options.classify(answer, info);
      if (failure === undefined) return { answer };
    } catch (thrown) {
      request.signal?.throwIfAborted();
      const established = lane.isEstablished();
      const timedOut = limit.isExpired() || whole.isExpired();
      failure = isClosed
        ? closedError(info, established)
        : errorFromLine(thrown, info, { timedOut, established });
    } finally {
      limit.clear();
      reportRequest(logger, info, answer, failure, performance.now() - startedAt);
      if (lane !== reads) await discard(lane);
    }
    return failed(failure, answer?.retryAfterMs);
  }

  async function discard(lane: Lane): Promise<void> {
    open.delete(lane);
    await lane.agent.destroy();
  }

  return {
    async attempt(request, whole) {
      let running: Promise<Attempted> | undefined;
      const start = (): Promise<Attempted> => {
        running = run(request, whole);
        return running;
      };
      try {
        return await queue.add(start, { signal: whole.signal });
      } catch (thrown) {
        // The queue lets go at once when the time is up; only the attempt knows how far it came.
        if (running !== undefined) return running;
        request.signal?.throwIfAborted();
        return failed(errorFromLine(thrown, request.info, { timedOut: true, established: false }));
      }
    },
    async close() {
      isClosed = true;
      await Promise.all([...open].map(({ agent }) => agent.destroy()));
    },
  };
}

function failed(failure: Kappa4Error, retryAfterMs?: number): Attempted {
  return { failure, retryAfterMs };
}

function closedError(request: RequestInfo, established: boolean): Kappa4Error {
  return new Kappa4Error(
    "failed_precondition",
    `${nameRequest(request)} ended because the connector was closed; make a new one.`,
    {
      outcome: request.write && established ? "unknown" : "not_applied",
      context: contextOf(request),
    },
  );
}
