import type { Clock, Logger } from "../contract/connector.ts";
import type { Kappa4Error } from "../contract/errors.ts";
import type { HttpAnswer, RequestInfo } from "./answers.ts";
import { type Deadline, startDeadline } from "./deadline.ts";
import { createEntryPoints } from "./entry-points.ts";
import { openLine } from "./line.ts";
import { isLineError, withRetries } from "./retry.ts";
import type { Parameters } from "./send.ts";
import type { TlsOptions } from "./tls.ts";

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

/** Makes the client of a connection; opens no socket before the first request. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { connection, clock, random, concurrency = 8 } = options;
  const entryPoints = createEntryPoints(options.baseUrls, connection);
  const line = openLine({ ...options, concurrency });

  /** One attempt at the present entry point; leaves it for the next call when it does not answer. */
  async function attempt(
    base: Omit<RequestInfo, "baseUrl">,
    request: HttpRequestOptions,
    whole: Deadline,
    onFailure: (baseUrl: string, retryAfterMs: number | undefined) => void,
  ): Promise<HttpAnswer> {
    const baseUrl = entryPoints.current();
    const timeoutMs = request.timeoutMs ?? options.timeoutMs ?? 30_000;
    const outgoing = {
      ...request,
      timeoutMs,
      headers: request.headers ?? {},
      info: { ...base, baseUrl },
    };
    const attempted = await line.attempt(outgoing, whole);
    if ("answer" in attempted) return attempted.answer;
    const { failure, retryAfterMs } = attempted;
    if (isLineError(failure) && failure.code !== "rate_limited") entryPoints.leave(baseUrl);
    onFailure(baseUrl, retryAfterMs);
    throw failure;
  }

  function read(
    base: Omit<RequestInfo, "baseUrl">,
    request: HttpRequestOptions,
    whole: Deadline,
    endsAt: number,
  ): Promise<HttpAnswer> {
    const tried = new Set<string>();
    let askedToWaitMs: number | undefined;
    const once = (): Promise<HttpAnswer> =>
      attempt(base, request, whole, (baseUrl, retryAfterMs) => {
        tried.add(baseUrl);
        askedToWaitMs = retryAfterMs;
      });
    return withRetries(once, {
      retries: request.retries ?? options.retries ?? 4,
      clock,
      random,
      signal: request.signal,
      remainingMs: () => (whole.isExpired() ? 0 : endsAt - clock.now()),
      retryAfterMs: () => askedToWaitMs,
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
        if (write) return await attempt(base, request, whole, () => undefined);
        return await read(base, request, whole, clock.now() + totalMs);
      } finally {
        whole.clear();
      }
    },
    close: () => line.close(),
  };
}
