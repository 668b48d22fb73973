import { Kappa4Error } from "@kappa4/connectors";
import type { Action } from "../actions/define.ts";

/** Returns the action as the one that a plan is for. Throws `unsupported`. */
export function runActionOf(action: Action | undefined): Extract<Action, { kind: "run" }> {
  if (action?.kind === "run") return action;
  const message = "This version of Kappa4 does not know what the plan is for; update it.";
  throw new Kappa4Error("unsupported", message);
}
