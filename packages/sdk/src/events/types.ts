/** Everything that happens and is told, by its name. */
export const EVENT_TYPES = [
  "approval.acknowledge",
  "approval.alarm",
  "approval.decided",
  "approval.overdue",
  "approval.remind",
  "approval.requested",
  "approval.risen",
  "approval.stale",
  "approval.superseded",
  "run.ended",
  "run.resumed",
  "run.started",
] as const;

/** One of {@link EVENT_TYPES}. */
export type EventType = (typeof EVENT_TYPES)[number];
