import { type ErrorCode, Kappa4Error } from "@kappa4/connectors";
import type { RunEnd } from "../actions/define.ts";
import { isPassing } from "../store/is-passing.ts";

/**
 * Says how a run has ended whose action threw: what it has done stands in its steps. Trouble of the store's line ends
 * no run and is thrown on: whoever takes the run up next finds its steps, and goes on.
 */
export function endOf(thrown: unknown): RunEnd {
  if (isPassing(thrown)) throw thrown;
  const code: ErrorCode = Kappa4Error.is(thrown) ? thrown.code : "internal";
  const message = Kappa4Error.is(thrown)
    ? thrown.message
    : `A fault of Kappa4 itself (${String(thrown)}); look at what was done, then report it.`;
  return {
    state: code === "plan_stale" ? "stale" : "failed",
    result: null,
    error: { code, message },
  };
}
