/** A refusal as Proxmox VE sends it: the text travels in the status line, and mostly in the body too. */
export class PveError extends Error {
  override readonly name = "PveError";
  readonly status: number;
  /** Parameter name to what is wrong with it. */
  readonly errors: Readonly<Record<string, string>> | undefined;
  /** The answer has neither body nor content type. */
  readonly bare: boolean;

  constructor(
    status: number,
    text: string,
    options: {
      readonly errors?: Readonly<Record<string, string>> | undefined;
      readonly bare?: boolean;
    } = {},
  ) {
    super(text);
    this.status = status;
    this.errors = options.errors;
    this.bare = options.bare ?? false;
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

/** 595: the contacted node cannot connect to the node that the path names. */
export function unreachable(reason = "No route to host"): PveError {
  return new PveError(595, reason, { bare: true });
}
