import type { Approval, RequestedApproval } from "./approval.ts";
import type { ApprovalEffect } from "./events.ts";
import type { Refusal } from "./refusal.ts";

/** What an event leads to: the next approval and what to do about it, or a refusal. */
export type TransitionResult =
  | { readonly ok: true; readonly next: Approval; readonly effects: readonly ApprovalEffect[] }
  | { readonly ok: false; readonly refusal: Refusal };

/** Lets it happen. */
export function next(
  approval: Approval,
  change: Partial<Approval>,
  effects: readonly ApprovalEffect[] = [],
): TransitionResult {
  return { ok: true, next: { ...approval, ...change, version: approval.version + 1 }, effects };
}

/** Does not let it happen. */
export function refused(refusal: Refusal): TransitionResult {
  return { ok: false, refusal };
}

/** The effect of telling the requester. */
export function tellRequester({ request }: RequestedApproval): readonly ApprovalEffect[] {
  return [{ kind: "tell_requester", requester: request.by }];
}
