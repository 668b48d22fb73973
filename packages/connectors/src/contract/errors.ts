/** Every code a {@link Kappa4Error} can carry; docs/errors.md says what each one means and what to do. */
export const ERROR_CODES = [
  "config_invalid",
  "invalid_argument",
  "unsupported",
  "auth",
  "auth_expired",
  "permission",
  "not_found",
  "already_exists",
  "conflict",
  "failed_precondition",
  "precondition_failed",
  "plan_stale",
  "quota",
  "capacity",
  "rate_limited",
  "unavailable",
  "network",
  "timeout",
  "protocol",
  "operation_failed",
  "approval_denied",
  "approval_expired",
  "internal",
] as const;

/** One of {@link ERROR_CODES}. */
export type ErrorCode = (typeof ERROR_CODES)[number];

/** What is known about a write that failed: it took effect, it did not, or nobody can tell yet. */
export type Outcome = "not_applied" | "applied" | "unknown";

/** Where an error happened. Never holds a secret. */
export interface ErrorContext {
  /** Name of the configured connection, for example `gold`. */
  readonly connector?: string | undefined;
  /** What was being done, for example `migrate`. */
  readonly operation?: string | undefined;
  /** What it was done to, for example `vm:100`. */
  readonly target?: string | undefined;
}

/** Options of {@link Kappa4Error}. */
export interface Kappa4ErrorOptions {
  readonly cause?: unknown;
  /** Whether the same call may succeed later. Default: true for `rate_limited`, `unavailable`, `network`, `timeout`, `conflict`. */
  readonly retryable?: boolean | undefined;
  /** Default `not_applied`. */
  readonly outcome?: Outcome | undefined;
  readonly context?: ErrorContext | undefined;
}

const MARK: unique symbol = Symbol.for("kappa4.error");
const RETRYABLE: ReadonlySet<ErrorCode> = new Set([
  "rate_limited",
  "unavailable",
  "network",
  "timeout",
  "conflict",
]);

/**
 * The one error class of Kappa4. Its message says what was asked of which connector and what to do next;
 * it never holds a credential, a query string or a request body.
 */
export class Kappa4Error extends Error {
  override readonly name: string = "Kappa4Error";
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly outcome: Outcome;
  readonly context: ErrorContext;

  constructor(code: ErrorCode, message: string, options: Kappa4ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? RETRYABLE.has(code);
    this.outcome = options.outcome ?? "not_applied";
    this.context = options.context ?? {};
    Object.defineProperty(this, MARK, { value: true });
  }

  /** Tells whether a value is a Kappa4Error, of the given code if one is given; works across copies of the package. */
  static is(error: unknown, code?: ErrorCode): error is Kappa4Error {
    if (typeof error !== "object" || error === null || !(MARK in error)) return false;
    return code === undefined || ("code" in error && error.code === code);
  }

  /** Returns the parts that are safe to print or to send: no cause, no stack. */
  toJSON(): Record<string, unknown> {
    const { code, message, retryable, outcome, context } = this;
    return { code, message, retryable, outcome, context };
  }
}

/** Thrown with code `rate_limited`: says how long the other side asked us to wait. */
export class RateLimitedError extends Kappa4Error {
  override readonly name = "RateLimitedError";
  /** Milliseconds until the next attempt is welcome; undefined when the other side did not say. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    options: Kappa4ErrorOptions & { readonly retryAfterMs?: number | undefined } = {},
  ) {
    super("rate_limited", message, options);
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Thrown with code `operation_failed`: carries the last lines of the provider's own log. */
export class OperationFailedError extends Kappa4Error {
  override readonly name = "OperationFailedError";
  readonly log: readonly string[];

  constructor(
    message: string,
    options: Kappa4ErrorOptions & { readonly log?: readonly string[] | undefined } = {},
  ) {
    super("operation_failed", message, options);
    this.log = options.log ?? [];
  }
}

/** One thing wrong with an input, and where. */
export interface Issue {
  /** Dotted path to the value, for example `connections.gold.auth.token`. */
  readonly path: string;
  /** One sentence: what is wrong and what would be right. */
  readonly message: string;
  /** Where it stands, as `file:line:column`; absent for what was not read from a file. */
  readonly at?: string | undefined;
}

/** Thrown with code `protocol`: the other side answered, but not with what its schema says. */
export class ProtocolError extends Kappa4Error {
  override readonly name = "ProtocolError";
  readonly issues: readonly Issue[];

  constructor(
    message: string,
    options: Kappa4ErrorOptions & { readonly issues?: readonly Issue[] | undefined } = {},
  ) {
    super("protocol", message, options);
    this.issues = options.issues ?? [];
  }
}

/** Thrown with code `config_invalid`: lists every problem of a configuration, flag or file at once. */
export class ConfigInvalidError extends Kappa4Error {
  override readonly name = "ConfigInvalidError";
  readonly issues: readonly Issue[];

  constructor(message: string, issues: readonly Issue[], options: Kappa4ErrorOptions = {}) {
    super("config_invalid", message, options);
    this.issues = issues;
  }
}
