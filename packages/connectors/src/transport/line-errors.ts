import { Kappa4Error } from "../contract/errors.ts";
import { contextOf, nameEntry, nameRequest, type RequestInfo } from "./answers.ts";
import { PinMismatch } from "./tls.ts";

/** What is known about the line when a request failed without an answer. */
export interface LineFailure {
  /** The deadline of the attempt ran out. */
  readonly timedOut: boolean;
  /** A connection was ready to carry the request, so some of it may have arrived. */
  readonly established: boolean;
}

/**
 * Turns a failure of the line into an error. Certificates that are not trusted give `auth`, which is neither
 * retried nor taken to another entry point; the rest is `network` or `timeout`. A write whose connection never
 * stood is `not_applied`, any other `unknown`.
 */
export function errorFromLine(
  thrown: unknown,
  request: RequestInfo,
  failure: LineFailure,
): Kappa4Error {
  const code = systemCode(thrown);
  const outcome = request.write && failure.established ? "unknown" : "not_applied";
  const options = { outcome, context: contextOf(request), cause: harmlessCause(code) } as const;
  const what = nameRequest(request);
  const entry = nameEntry(request);
  if (code === "PIN_MISMATCH") {
    return new Kappa4Error(
      "auth",
      `${what} was not sent: ${entry} shows another certificate than the pinned one${seenIn(thrown)}; compare that on the node itself and, if it is right, correct sha256 in \`tls\`.`,
      options,
    );
  }
  if (code !== undefined && isDistrust(code)) {
    return new Kappa4Error(
      "auth",
      `${what} was not sent: the certificate of ${entry} is not trusted (${code}); give its CA with \`tls: { verify: ca, caFile: FILE }\` or pin it with \`tls: { verify: pin, sha256: FINGERPRINT }\`.`,
      options,
    );
  }
  const unsure =
    outcome === "unknown"
      ? "; it may have taken effect"
      : "; check the address and that the service is running";
  if (failure.timedOut) {
    return new Kappa4Error(
      "timeout",
      `${what} got no answer in time from ${entry}${unsure}.`,
      options,
    );
  }
  const happened = failure.established
    ? `the connection to ${entry} broke before the answer`
    : `no connection to ${entry} could be made`;
  const named = code === undefined ? "" : ` (${code})`;
  return new Kappa4Error("network", `${what} failed: ${happened}${named}${unsure}.`, options);
}

const DISTRUST: ReadonlySet<string> = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "CERT_SIGNATURE_FAILURE",
  "CERT_UNTRUSTED",
  "CERT_REJECTED",
  "CERT_REVOKED",
  "HOSTNAME_MISMATCH",
  "INVALID_CA",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

function isDistrust(code: string): boolean {
  return DISTRUST.has(code);
}

// Only the code goes on: messages of the layers below may quote headers or whole URLs.
function harmlessCause(code: string | undefined): Error | undefined {
  return code === undefined ? undefined : new Error(code);
}

function systemCode(thrown: unknown): string | undefined {
  return causesOf(thrown)
    .map((cause) => ("code" in cause ? cause.code : undefined))
    .findLast((code) => typeof code === "string");
}

/** In the form in which tools print a fingerprint. */
function seenIn(thrown: unknown): string {
  const mismatch = causesOf(thrown).find((cause) => cause instanceof PinMismatch);
  const pairs = mismatch?.seen?.toUpperCase().match(/../g) ?? [];
  return pairs.length === 0 ? "" : `, with the SHA-256 ${pairs.join(":")}`;
}

function causesOf(thrown: unknown): readonly Error[] {
  const causes: Error[] = [];
  let at: unknown = thrown;
  while (at instanceof Error && causes.length < 6) {
    causes.push(at);
    at = at instanceof AggregateError ? at.errors[0] : at.cause;
  }
  return causes;
}
