/** Every reason why something cannot happen to an approval. */
export const REFUSAL_CODES = [
  // What state it is in.
  "not_requested",
  "still_pending",
  "already_approved",
  "already_started",
  "already_over",
  "glass_not_broken",
  "already_acknowledged",
  // Who does it.
  "not_linked",
  "local_cannot_vote",
  "not_permitted",
  "own_request",
  "own_edit",
  "own_matter",
  "already_voted",
  "not_yours",
  "not_admin",
  "own_emergency",
  "step_up_needed",
  "requester_lost_permission",
  // What it says.
  "hash_differs",
  "hash_too_short",
  "reason_missing",
  "reason_too_short",
  "ticket_missing",
  // When, and what else there is.
  "plan_too_old",
  "window_over",
  "deadline_passed",
  "not_yet",
  "start_too_early",
  "start_too_late",
  "frozen",
  "same_request_open",
  "lease_missing",
  "break_glass_limit",
  "glass_too_high",
] as const;

/** One of {@link REFUSAL_CODES}. */
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** A refusal: nothing has changed. */
export interface Refusal {
  readonly code: RefusalCode;
  /** What is in the way, who can help, and what to do next. */
  readonly sentence: string;
}

/** Makes a refusal. */
export function refusal(code: RefusalCode, sentence: string): Refusal {
  return { code, sentence };
}
