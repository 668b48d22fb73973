import { Kappa4Error } from "@kappa4/connectors";
import type { Action, RunAction } from "../actions/define.ts";

/** Returns the action as the one that a plan is for. Throws `unsupported`. */
export function runActionOf(action: Action | undefined): RunAction<unknown, unknown> {
  const known = knownRunAction(action);
  if (known !== undefined) return known;
  const message = "This version of Kappa4 does not know what the plan is for; update it.";
  throw new Kappa4Error("unsupported", message);
}

/** The same; undefined where this version does not know it, as while programs are updated one after the other. */
export function knownRunAction(
  action: Action | undefined,
): RunAction<unknown, unknown> | undefined {
  return action?.kind === "run" ? action : undefined;
}
