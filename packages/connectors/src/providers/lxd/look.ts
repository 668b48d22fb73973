import type { Envelope, LxdOperation } from "./payloads.ts";

/** The address of an operation. It carries a query of its own outside the default project, and after a create. */
export interface OperationUrl {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

/** Where an operation stands: still at it, ended, or forgotten by the server (about 5 s after its end). */
export type OperationLook =
  | { readonly state: "running"; readonly operation: LxdOperation | undefined }
  | { readonly state: "ended"; readonly error: string | undefined; readonly cancelled: boolean }
  | { readonly state: "gone" };

/** Takes an operation's address apart; its query must not be lost or doubled when `/wait` is appended. */
export function parseOperationUrl(text: string): OperationUrl {
  const [path = "", search = ""] = text.split("?");
  return { path, query: Object.fromEntries(new URLSearchParams(search)) };
}

/**
 * Reads where an operation stands from the body alone, for the HTTP status of a wait is always 200. A failure
 * has two shapes, the operation itself with its text in `err`, or an envelope of type `error`; and a wait that
 * ran out of time has two as well, the running operation, or an error that says "deadline exceeded".
 */
export function lookOf(
  envelope: Envelope,
  operationOf: (metadata: unknown) => LxdOperation,
): OperationLook {
  if (envelope.type === "error") {
    const text = envelope.error ?? "";
    if (/deadline exceeded/i.test(text)) return { state: "running", operation: undefined };
    return {
      state: "ended",
      error: text || "no reason given",
      cancelled: envelope.error_code === 401,
    };
  }
  const operation = operationOf(envelope.metadata);
  if (operation.status_code < 200) return { state: "running", operation };
  if (operation.status_code === 200) return { state: "ended", error: undefined, cancelled: false };
  const error = operation.err || operation.status || "no reason given";
  return { state: "ended", error, cancelled: operation.status_code === 401 };
}
