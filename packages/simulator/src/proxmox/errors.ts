/** A refusal as Proxmox VE sends it: the text travels in the status line, and mostly in the body too. */
export class PveError extends Error {
  override readonly name = "PveError";
  readonly status: number;
  /** Parameter name to what is wrong with it. */
  readonly errors: Readonly<Record<string, string>> | undefined;
  /** The answer has neither body nor content type. */
  readonly bare: boolean;
  /** How long it takes until this is known, in simulated milliseconds. */
  readonly afterMs: number;

  constructor(
    status: number,
    text: string,
    options: {
      readonly errors?: Readonly<Record<string, string>> | undefined;
      readonly bare?: boolean;
      readonly afterMs?: number;
    } = {},
  ) {
    super(text);
    this.status = status;
    this.errors = options.errors;
    this.bare = options.bare ?? false;
    this.afterMs = options.afterMs ?? 0;
  }
}

/** 400 with one text per parameter. */
export function parameterError(errors: Readonly<Record<string, string>>): PveError {
  return new PveError(400, "Parameter verification failed.", { errors });
}

/** 403; path and privilege can be read out of the text. */
export function permissionError(what: string): PveError {
  return new PveError(403, `Permission check failed (${what})`);
}

/** 500: what a handler dies with. */
export function failure(text: string): PveError {
  return new PveError(500, text);
}

/** 501: no such path, or not with this method. */
export function notImplemented(method: string, path: string): PveError {
  return new PveError(501, `Method '${method} ${path}' not implemented`);
}

/** 401; bare except for the login call. */
export function unauthorized(text: string, bare = true): PveError {
  return new PveError(401, text, { bare });
}

/**
 * What the contacted node meets when it passes a request on to another one: `no-route` none is there, `refused`
 * nothing listens, `silent` it takes the connection and never answers, `untrusted` its certificate is another one.
 */
export type Unreached = "no-route" | "refused" | "silent" | "untrusted";

const UNREACHED: Readonly<Record<Unreached, readonly [number, string, number]>> = {
  "no-route": [595, "No route to host", 3000],
  refused: [595, "Connection refused", 0],
  silent: [596, "Connection timed out", 30_000],
  untrusted: [596, "tls_process_server_certificate: certificate verify failed", 0],
};

/** 595, the contacted node cannot connect to the node that the path names; 596, it can and gets no answer. */
export function unreachable(how: Unreached): PveError {
  const [status, text, afterMs] = UNREACHED[how];
  return new PveError(status, text, { bare: true, afterMs });
}
