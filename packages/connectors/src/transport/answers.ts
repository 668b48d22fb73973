import type { Clock } from "../contract/connector.ts";
import { type ErrorCode, Kappa4Error, type Outcome, RateLimitedError } from "../contract/errors.ts";

/** What the other side said. */
export interface HttpAnswer {
  readonly status: number;
  /** The reason phrase; empty where the protocol has none. */
  readonly reason: string;
  readonly headers: Headers;
  /** Milliseconds that `Retry-After` asks for; undefined when it does not say, or unreadably. */
  readonly retryAfterMs: number | undefined;
  readonly text: string;
  /** The entry point that answered. */
  readonly baseUrl: string;
}

/** What a request is about; never its query, body or headers. */
export interface RequestInfo {
  readonly connection: string;
  readonly method: string;
  /** Without query. */
  readonly path: string;
  readonly baseUrl: string;
  /** Whether it may change something over there: such a request is sent exactly once. */
  readonly write: boolean;
  /** What is being done, for example `migrate`. */
  readonly operation: string;
  /** What it is done to, for example `vm:100`. */
  readonly target?: string | undefined;
}

/** Names a request for people: `migrate of vm:100 on "gold"`. */
export function nameRequest(request: RequestInfo): string {
  const what =
    request.target === undefined ? request.operation : `${request.operation} of ${request.target}`;
  return `${what} on "${request.connection}"`;
}

/** Names the entry point of a request for people, without the path that all requests share. */
export function nameEntry({ baseUrl }: Pick<RequestInfo, "baseUrl">): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).origin : baseUrl;
}

/** The error context of a request. */
export function contextOf(request: RequestInfo): {
  readonly connector: string;
  readonly operation: string;
  readonly target: string | undefined;
} {
  return { connector: request.connection, operation: request.operation, target: request.target };
}

/**
 * Maps an answer to an error by its status alone, or to undefined below 400: what a provider falls back on.
 * A write that failed with 500 or above may have taken effect, so its outcome is `unknown`, save for 501.
 */
export function errorFromStatus(answer: HttpAnswer, request: RequestInfo): Kappa4Error | undefined {
  const { status, retryAfterMs } = answer;
  if (status >= 200 && status < 300) return undefined;
  const row = ROWS.find(([from, to]) => status >= from && status <= to);
  const [, , code, advice] = row ?? [0, 0, "protocol" as const, "check the address"];
  const outcome: Outcome =
    request.write && status >= 500 && status !== 501 ? "unknown" : "not_applied";
  const message = `${nameRequest(request)} was answered with ${status} by ${nameEntry(request)}; ${advice}.`;
  const options = { outcome, context: contextOf(request) };
  return code === "rate_limited"
    ? new RateLimitedError(message, { ...options, retryAfterMs })
    : new Kappa4Error(code, message, options);
}

/** Reads `Retry-After`, seconds or a date, as milliseconds from now; undefined when absent or unreadable. */
export function readRetryAfter(headers: Headers, clock: Clock): number | undefined {
  const text = headers.get("retry-after");
  if (text === null) return undefined;
  if (/^\d+$/.test(text.trim())) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - clock.now());
}

const ROWS: readonly (readonly [from: number, to: number, code: ErrorCode, advice: string])[] = [
  [100, 399, "protocol", "check that the address is the API itself and not a page in front of it"],
  [401, 401, "auth", "check the credentials"],
  [403, 403, "permission", "give the credentials the missing right"],
  [404, 404, "not_found", "check that it still exists"],
  [408, 408, "timeout", "try again later"],
  [409, 409, "conflict", "wait for the other change to end and try again"],
  [412, 412, "precondition_failed", "read it again and repeat the change"],
  [429, 429, "rate_limited", "try again later"],
  [400, 499, "invalid_argument", "check what was asked for"],
  [501, 501, "unsupported", "this version cannot do that"],
  [500, 599, "unavailable", "look at the state of the service there and try again later"],
];
