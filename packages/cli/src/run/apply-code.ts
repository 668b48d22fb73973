import type { ApplyResult } from "@kappa4/sdk";
import { EXIT } from "../exit-codes.ts";

/**
 * Returns what an apply ends with. What comes after `&&` counts on all that was asked for: a node that still holds a guest
 * must not be rebooted.
 */
export function applyCode(
  { outcome, moves, unreached }: Pick<ApplyResult, "outcome" | "moves" | "unreached">,
  isInterrupted: boolean,
): number {
  if (moves.some(({ state }) => state === "failed" || state === "unknown")) return EXIT.failed;
  if (outcome === "succeeded" && unreached.length > 0) return EXIT.stuck;
  if (outcome === "cancelled" && isInterrupted) return EXIT.cancelled;
  return CODES[outcome];
}

const CODES: Readonly<Record<ApplyResult["outcome"], number>> = {
  succeeded: EXIT.ok,
  failed: EXIT.failed,
  stale: EXIT.stale,
  refused: EXIT.error,
  cancelled: EXIT.stopped,
};
