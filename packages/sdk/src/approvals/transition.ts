import { type Approval, isRequested, type RequestedApproval } from "./approval.ts";
import { acknowledge, breakGlass } from "./break-glass.ts";
import { expire, supersede, withdraw } from "./close.ts";
import type { ApprovalEvent, ApprovalFacts } from "./events.ts";
import { type Refusal, type RefusalCode, refusal } from "./refusal.ts";
import { request } from "./request.ts";
import { refused, type TransitionResult } from "./result.ts";
import { cancel, drift, finish, start } from "./run.ts";
import { APPROVAL_STATES, type ApprovalEventKind, type ApprovalState } from "./states.ts";
import { approve, deny } from "./vote.ts";

/** In which states an event can happen at all. */
export const EVENT_STATES: Readonly<Record<ApprovalEventKind, readonly ApprovalState[]>> = {
  request: ["draft"],
  approve: ["pending"],
  deny: ["pending"],
  withdraw: ["pending", "approved"],
  deadline: ["draft", "pending", "approved"],
  supersede: ["pending", "approved"],
  start: ["approved"],
  drift: ["approved", "executing"],
  finish: ["executing"],
  cancel: ["executing"],
  break_glass: ["pending"],
  // Only where somebody did break the glass, which its own guard knows.
  acknowledge: APPROVAL_STATES,
};

/**
 * Takes an approval one event further, or says why not. Knows no clock and no store: the caller reads the facts,
 * and stores the result only if the version is still the one it read.
 *
 * @example
 * const result = transition(approval, { kind: "approve", by: eva, hash, found }, facts);
 * if (!result.ok) throw new Kappa4Error("failed_precondition", result.refusal.sentence);
 */
export function transition(
  approval: Approval,
  event: ApprovalEvent,
  facts: ApprovalFacts,
): TransitionResult {
  if (!EVENT_STATES[event.kind].includes(approval.state)) return refused(wrongState(approval));
  if (event.kind === "request") return request(approval, event, facts);
  if (event.kind === "deadline") return expire(approval, facts);
  if (event.kind === "acknowledge") return acknowledge(approval, event, facts);
  // A row in such a state that nobody asked for has been tampered with.
  return isRequested(approval) ? further(approval, event, facts) : refused(wrongState(approval));
}

function further(
  approval: RequestedApproval,
  event: Exclude<ApprovalEvent, { kind: "request" | "deadline" | "acknowledge" }>,
  facts: ApprovalFacts,
): TransitionResult {
  switch (event.kind) {
    case "approve":
      return approve(approval, event, facts);
    case "deny":
      return deny(approval, event, facts);
    case "withdraw":
      return withdraw(approval, event, facts);
    case "supersede":
      return supersede(approval, event, facts);
    case "start":
      return start(approval, event, facts);
    case "drift":
      return drift(approval, event, facts);
    case "finish":
      return finish(approval, event, facts);
    case "cancel":
      return cancel(approval, event, facts);
    case "break_glass":
      return breakGlass(approval, event, facts);
  }
}

/** What stands in the way in each state, and what to do instead. */
const IN_STATE: Readonly<Record<ApprovalState, readonly [RefusalCode, string]>> = {
  draft: ["not_requested", "Nobody has asked for this yet; ask for approval first."],
  pending: ["still_pending", "This still waits for approval; who may approve it can decide now."],
  approved: ["already_approved", "This is approved already; it starts, or it can be withdrawn."],
  executing: ["already_started", "This runs already; an Admin or who asked for it can cancel it."],
  succeeded: over("was carried out", "make a new plan if more is to move"),
  partly_failed: over("was carried out in part", "plan the rest again"),
  failed: over("has failed", "make a new plan"),
  cancelled: over("was cancelled", "make a new plan for the rest"),
  denied: over("was denied", "talk to who denied it, then make a new plan"),
  expired: over("has expired", "make a new plan and ask again"),
  withdrawn: over("was withdrawn", "make a new plan if it is wanted after all"),
  superseded: over("was replaced by a newer plan", "decide on that one"),
  stale: over("may not be carried out any more", "make a new plan and ask again"),
};

function over(how: string, then: string): readonly [RefusalCode, string] {
  return ["already_over", `This ${how}; ${then}.`];
}

function wrongState({ state }: Approval): Refusal {
  return refusal(...IN_STATE[state]);
}
