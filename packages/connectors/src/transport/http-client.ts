import PQueue from "p-queue";
import type { Clock, Logger } from "../contract/connector.ts";
import { Kappa4Error } from "../contract/errors.ts";
import {
  contextOf,
  type HttpAnswer,
  nameRequest,
  type RequestInfo,
  readRetryAfter,
} from "./answers.ts";
import { type Deadline, startDeadline } from "./deadline.ts";
import { createEntryPoints } from "./entry-points.ts";
import { errorFromLine } from "./line-errors.ts";
import { isLineError, withRetries } from "./retry.ts";
import { type Parameters, sendOnce } from "./send.ts";
import { type Lane, openLane, type TlsOptions } from "./tls.ts";
import { reportRequest } from "./trace.ts";

/** Options of {@link createHttpClient}. */
export interface HttpClientOptions {
  readonly connection: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  /** Entry points in order of preference, for example `https://pve1:8006/api2/json`. */
  readonly baseUrls: readonly string[];
  readonly tls: TlsOptions;
  /** Requests on their way at the same time. Default 8. */
  readonly concurrency?: number | undefined;
  /** Limit of one attempt. Default 30 000 ms. */
  readonly timeoutMs?: number | undefined;
  /** Limit of a call over all its attempts and waits. Default 120 000 ms. */
  readonly totalTimeoutMs?: number | undefined;
  /** Further attempts of a read. Default 4. */
  readonly retries?: number | undefined;
  /** Gives the headers that prove who we are; called before each attempt. */
  authorize?(request: RequestInfo): Promise<Readonly<Record<string, string>>>;
  /** The provider's reading of an answer: the error it means, or undefined when it is a good one. */
  classify(answer: HttpAnswer, request: RequestInfo): Kappa4Error | undefined;
}

/** Options of {@link HttpClient.request}. */
export interface HttpRequestOptions {
  readonly query?: Parameters | undefined;
  /** Body as `application/x-www-form-urlencoded`. */
  readonly form?: Parameters | undefined;
  /** Body as JSON. */
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  readonly totalTimeoutMs?: number | undefined;
  readonly retries?: number | undefined;
  /** What is being done, for errors: `migrate`. */
  readonly operation: string;
  /** What it is done to, for errors: `vm:100`. */
  readonly target?: string | undefined;
  /** Whether the request may change something. Default: true unless the method is GET or HEAD. */
  readonly write?: boolean | undefined;
}

/** One HTTP client for one connection. */
export interface HttpClient {
  /**
   * Sends a request and returns the answer that `classify` found good. Reads are repeated on
   * `rate_limited`, `unavailable`, `network` and `timeout`, at the next entry point if there are several;
   * writes are sent exactly once, on a connection of their own, to the entry point last known good. Throws what
   * `classify` returns, `network` or `timeout` (of a write: outcome `not_applied` when no connection stood, else
   * `unknown`), `auth` for a certificate that is not trusted, or `signal.reason`.
   */
  request(method: string, path: string, options: HttpRequestOptions): Promise<HttpAnswer>;
  /** Frees the sockets; requests under way fail with `failed_precondition`. */
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 10_000;

/** Makes the client of a connection; opens no socket before the first request. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { connection, clock, random, logger, tls, concurrency = 8 } = options;
  const entryPoints = createEntryPoints(options.baseUrls, connection);
  const queue = new PQueue({ concurrency });
  const reads = openLane(tls, {
    connections: concurrency,
    keepAlive: true,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
  });
  const open = new Set<Lane>([reads]);
  let closed = false;
  if (tls.verify === "none") {
    logger.warn({ connection }, "Certificates are not checked on this connection");
  }

  function openWriteLane(): Lane {
    const lane = openLane(tls, {
      connections: 1,
      keepAlive: false,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
    });
    open.add(lane);
    return lane;
  }

  async function release(lane: Lane): Promise<void> {
    if (lane === reads) return;
    open.delete(lane);
    await lane.agent.destroy();
  }

  /** Sends once and classifies; what it throws is final for this attempt. */
  async function attempt(info: RequestInfo, request: HttpRequestOptions, whole: Deadline) {
    // Outside the queue: what authorizes may itself need a request.
    const headers = { ...(await options.authorize?.(info)), ...request.headers };
    const run = async (): Promise<HttpAnswer> => {
      const limit = startDeadline(request.timeoutMs ?? options.timeoutMs ?? 30_000, whole.signal);
      const lane = info.write ? openWriteLane() : reads;
      const startedAt = performance.now();
      let answer: HttpAnswer | undefined;
      let failure: Kappa4Error | undefined;
      try {
        if (closed) throw new Error("closed");
        answer = await sendOnce({ ...request, info, headers }, lane.agent, limit.signal);
        failure = options.classify(answer, info);
        if (failure === undefined) return answer;
      } catch (thrown) {
        request.signal?.throwIfAborted();
        const established = lane.isEstablished();
        const timedOut = limit.isExpired() || whole.isExpired();
        failure = closed
          ? closedError(info, established)
          : errorFromLine(thrown, info, { timedOut, established });
      } finally {
        limit.clear();
        reportRequest(logger, info, answer, failure, performance.now() - startedAt);
        await release(lane);
      }
      lastAnswers.set(failure, answer);
      throw failure;
    };
    let running: Promise<HttpAnswer> | undefined;
    const queued = queue.add(() => (running = run()), { signal: whole.signal });
    return queued.catch((thrown: unknown) => {
      // The queue lets go at once when the time is up; only the attempt knows how far it came.
      if (running !== undefined) return running;
      request.signal?.throwIfAborted();
      throw errorFromLine(thrown, info, { timedOut: true, established: false });
    });
  }

  /** Which answer an error was made from, for its `Retry-After`. */
  const lastAnswers = new WeakMap<Kappa4Error, HttpAnswer | undefined>();

  async function read(
    base: Omit<RequestInfo, "baseUrl">,
    request: HttpRequestOptions,
    whole: Deadline,
    endsAt: number,
  ) {
    const tried = new Set<string>();
    let retryAfterMs: number | undefined;
    const once = async (): Promise<HttpAnswer> => {
      const baseUrl = entryPoints.current();
      tried.add(baseUrl);
      try {
        return await attempt({ ...base, baseUrl }, request, whole);
      } catch (error) {
        if (isLineError(error)) {
          const answer = lastAnswers.get(error);
          retryAfterMs = answer === undefined ? undefined : readRetryAfter(answer, clock);
          if (error.code !== "rate_limited") entryPoints.leave(baseUrl);
        }
        throw error;
      }
    };
    return withRetries(once, {
      retries: request.retries ?? options.retries ?? 4,
      clock,
      random,
      signal: request.signal,
      remainingMs: () => (whole.isExpired() ? 0 : endsAt - clock.now()),
      retryAfterMs: () => retryAfterMs,
      isFreshEntry: () => !tried.has(entryPoints.current()),
    });
  }

  return {
    async request(method, path, request) {
      request.signal?.throwIfAborted();
      const { operation, target } = request;
      const write = request.write ?? !["GET", "HEAD"].includes(method);
      const base = { connection, method, path, write, operation, target };
      const totalMs = request.totalTimeoutMs ?? options.totalTimeoutMs ?? 120_000;
      const whole = startDeadline(totalMs, request.signal);
      try {
        if (!write) return await read(base, request, whole, clock.now() + totalMs);
        const baseUrl = entryPoints.current();
        return await attempt({ ...base, baseUrl }, request, whole).catch((error: unknown) => {
          if (isLineError(error) && error.code !== "rate_limited") entryPoints.leave(baseUrl);
          throw error;
        });
      } finally {
        whole.clear();
      }
    },
    async close() {
      closed = true;
      await Promise.all([...open].map(({ agent }) => agent.destroy()));
    },
  };
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
