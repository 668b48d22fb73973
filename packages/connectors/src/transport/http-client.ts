import type { Clock, Logger } from "../contract/connector.ts";
import type { Kappa4Error } from "../contract/errors.ts";
import type { HttpAnswer, RequestInfo } from "./answers.ts";
import { type Deadline, startDeadline } from "./deadline.ts";
import { createEntryPoints } from "./entry-points.ts";
import { type Attempted, openLine } from "./line.ts";
import { withRetries } from "./retry.ts";
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
  /**
   * Says that an entry point, the `baseUrl` of an answer, does answer, but nothing of use: the next calls start at another
   * one. Returns where they start; the same where there is no other.
   */
  leave(baseUrl: string): string;
  /** Frees the sockets; requests under way fail with `failed_precondition`. */
  close(): Promise<void>;
}

/** Makes the client of a connection; opens no socket before the first request. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { connection, clock, random, concurrency = 8 } = options;
  const entryPoints = createEntryPoints(options.baseUrls, connection);
  const line = openLine({ ...options, concurrency });

  /** One attempt at one entry point. */
  async function attempt(
    info: RequestInfo,
    request: HttpRequestOptions,
    whole: Deadline,
  ): Promise<Attempted> {
    const timeoutMs = request.timeoutMs ?? options.timeoutMs ?? 30_000;
    const outgoing = { ...request, timeoutMs, headers: request.headers ?? {}, info };
    const attempted = await line.attempt(outgoing, whole);
    if ("failure" in attempted && isSilence(attempted.failure)) entryPoints.leave(info.baseUrl);
    return attempted;
  }

  function read(
    base: Omit<RequestInfo, "baseUrl">,
    request: HttpRequestOptions,
    whole: Deadline,
    endsAt: number,
  ): Promise<HttpAnswer> {
    const tried = new Set<string>();
    let baseUrl = entryPoints.current();
    let askedToWaitMs: number | undefined;
    const once = async (): Promise<HttpAnswer> => {
      tried.add(baseUrl);
      const attempted = await attempt({ ...base, baseUrl }, request, whole);
      if ("answer" in attempted) {
        // The first one that was asked may have been left since, for what it answered to others.
        if (tried.size > 1) entryPoints.prefer(baseUrl);
        return attempted.answer;
      }
      const { failure, retryAfterMs } = attempted;
      askedToWaitMs = retryAfterMs;
      // Too many requests are too many for all of them.
      if (failure.code !== "rate_limited") baseUrl = entryPoints.after(baseUrl);
      throw failure;
    };
    return withRetries(once, {
      retries: request.retries ?? options.retries ?? 4,
      clock,
      random,
      signal: request.signal,
      remainingMs: () => (whole.isExpired() ? 0 : endsAt - clock.now()),
      retryAfterMs: () => askedToWaitMs,
      isFreshEntry: () => !tried.has(baseUrl),
    });
  }

  async function write(
    base: Omit<RequestInfo, "baseUrl">,
    request: HttpRequestOptions,
    whole: Deadline,
  ): Promise<HttpAnswer> {
    const baseUrl = entryPoints.current();
    const attempted = await attempt({ ...base, baseUrl }, request, whole);
    if ("answer" in attempted) return attempted.answer;
    throw attempted.failure;
  }

  return {
    async request(method, path, request) {
      request.signal?.throwIfAborted();
      const { operation, target } = request;
      const isWrite = request.write ?? !["GET", "HEAD"].includes(method);
      const base = { connection, method, path, write: isWrite, operation, target };
      const totalMs = request.totalTimeoutMs ?? options.totalTimeoutMs ?? 120_000;
      const whole = startDeadline(totalMs, request.signal);
      try {
        if (isWrite) return await write(base, request, whole);
        return await read(base, request, whole, clock.now() + totalMs);
      } finally {
        whole.clear();
      }
    },
    leave: (baseUrl) => entryPoints.leave(baseUrl),
    close: () => line.close(),
  };
}

/** No answer at all, as opposed to one that says no. */
function isSilence({ code }: Kappa4Error): boolean {
  return code === "network" || code === "timeout";
}
