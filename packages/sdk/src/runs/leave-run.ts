import type { ErrorCode } from "@kappa4/connectors";
import type { RunContext } from "../actions/context.ts";
import type { RunAction, RunEnd } from "../actions/define.ts";
import type { StoredRun } from "../store/index.ts";
import type { Ledger, Step, StepState } from "./ledger.ts";

/** A run whose cluster is out of reach. */
export interface LeftRun<Content> extends Pick<StoredRun, "cluster"> {
  readonly content: Content;
}

/** How such a run ends, and why. */
export interface Leaving extends Pick<RunEnd, "state"> {
  readonly code: ErrorCode;
  readonly message: string;
}

/**
 * Ends a run whose cluster is out of reach: nobody can tell what becomes of its steps under way, so they are `unknown`.
 * Returns how it ended, as its action says by where it stands.
 */
export async function leaveRun<Content>(
  action: Pick<RunAction<never, Content>, "left"> | undefined,
  { ledger, clock }: Pick<RunContext, "ledger" | "clock">,
  { cluster, content }: LeftRun<Content>,
  { state, code, message: why }: Leaving,
): Promise<RunEnd> {
  const open = await openSteps(ledger);
  const where = `What was under way could not be followed: look at ${cluster} itself.`;
  const message = open.length === 0 ? why : `${why} ${where}`;
  for (const { step } of open) {
    await ledger.settle(step, "unknown", { code, message, outcome: "unknown" });
  }
  const end = { state, error: { code, message } };
  return (await action?.left?.({ ledger, clock }, content, end)) ?? { ...end, result: null };
}

/** The steps whose end nobody has seen. */
export async function openSteps(ledger: Ledger): Promise<readonly Step[]> {
  return (await ledger.steps()).filter(({ state }) => OPEN.includes(state));
}

const OPEN: readonly StepState[] = ["intent", "observed", "unknown"];
