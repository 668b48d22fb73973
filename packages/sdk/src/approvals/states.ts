/** Every state of an approval. The last nine are final: what comes after them is a new plan. */
export const APPROVAL_STATES = [
  "draft",
  "pending",
  "approved",
  "executing",
  "succeeded",
  "partly_failed",
  "failed",
  "cancelled",
  "denied",
  "expired",
  "withdrawn",
  "superseded",
  "stale",
] as const;

/** One of {@link APPROVAL_STATES}. */
export type ApprovalState = (typeof APPROVAL_STATES)[number];

/** Everything that can happen to an approval. */
export const APPROVAL_EVENTS = [
  "request",
  "approve",
  "deny",
  "withdraw",
  "deadline",
  "supersede",
  "start",
  "drift",
  "finish",
  "cancel",
  "break_glass",
  "acknowledge",
] as const;

/** One of {@link APPROVAL_EVENTS}. */
export type ApprovalEventKind = (typeof APPROVAL_EVENTS)[number];

const OPEN: readonly ApprovalState[] = ["draft", "pending", "approved", "executing"];

/** Tells whether nothing more can become of it. */
export function isFinal(state: ApprovalState): boolean {
  return !OPEN.includes(state);
}
