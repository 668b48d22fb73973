import { channel } from "node:diagnostics_channel";
import type { Logger } from "../contract/connector.ts";
import type { ErrorCode, Kappa4Error } from "../contract/errors.ts";
import type { HttpAnswer, RequestInfo } from "./answers.ts";

/** What is published on the diagnostics channel `kappa4:request` after each attempt. */
export interface RequestTrace extends RequestInfo {
  /** Undefined when no answer came. */
  readonly status: number | undefined;
  readonly code: ErrorCode | undefined;
  readonly durationMs: number;
}

const requests = channel("kappa4:request");

/** Tells the log and the diagnostics channel about one attempt: never its query, headers or bodies. */
export function reportRequest(
  logger: Logger,
  request: RequestInfo,
  answer: HttpAnswer | undefined,
  failure: Kappa4Error | undefined,
  durationMs: number,
): void {
  const trace: RequestTrace = {
    ...request,
    status: answer?.status,
    code: failure?.code,
    durationMs: Math.round(durationMs),
  };
  const { connection, method, path, status, code } = trace;
  logger.debug(
    { connection, method, path, status, code, durationMs: trace.durationMs },
    "Request ended",
  );
  if (requests.hasSubscribers) requests.publish(trace);
}
