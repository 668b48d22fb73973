import type { Clearance, RequestedApproval } from "./approval.ts";
import type { ApprovalEffect, ApprovalFacts } from "./events.ts";
import { next, type TransitionResult, tellRequester } from "./result.ts";

/** Approves, and says when the plan may start. */
export function clear(approval: RequestedApproval, facts: ApprovalFacts): TransitionResult {
  const { window } = approval.request;
  const now = facts.now.getTime();
  const undone = now + (approval.risk === 1 ? facts.policy.undoMs : 0);
  const clearance: Clearance = {
    at: facts.now,
    notBefore: new Date(Math.max(undone, window?.from.getTime() ?? 0)),
    startBy: window?.to ?? new Date(undone + facts.policy.startMs),
  };
  return next(approval, { state: "approved", clearance }, [
    ...tellRequester(approval),
    startRun(clearance),
  ]);
}

/** The effect of having it started. */
export function startRun({ notBefore, startBy }: Clearance): ApprovalEffect {
  return { kind: "start_run", notBefore, startBy };
}
