import type { Approval } from "./approval.ts";
import type { ApprovalPolicy } from "./policy.ts";

/** Something that falls due. */
export interface Due {
  readonly at: Date;
  /**
   * `remind`: tell those who can approve once more. `deadline`: send that event. `acknowledge`: ask for the
   * acknowledgement of an emergency, each day once. `overdue`: nobody has acknowledged it in time.
   */
  readonly what: "remind" | "deadline" | "acknowledge" | "overdue";
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Lists what falls due of an approval after one instant and up to another, in order. Deadlines are rows, not
 * timers: whoever looks later finds all that fell due meanwhile.
 */
export function dueBetween(
  approval: Approval,
  policy: ApprovalPolicy,
  after: Date,
  until: Date,
): readonly Due[] {
  return [...timesOfState(approval, policy), ...timesOfEmergency(approval, until)]
    .filter(({ at }) => at > after && at <= until)
    .sort((one, other) => one.at.getTime() - other.at.getTime());
}

/**
 * Lists what there is to do about an approval now, each kind once: of what fell due while nobody looked, the newest.
 * What has run out is not reminded of any more, and the day on which an acknowledgement is overdue has one question.
 */
export function newestDue(approval: Approval, policy: ApprovalPolicy, now: Date): readonly Due[] {
  const newest = new Map<Due["what"], Due>();
  for (const due of dueBetween(approval, policy, BEGINNING, now)) newest.set(due.what, due);
  if (newest.has("deadline")) newest.delete("remind");
  const [asked, overdue] = [newest.get("acknowledge"), newest.get("overdue")];
  if (asked?.at.getTime() === overdue?.at.getTime()) newest.delete("acknowledge");
  return [...newest.values()];
}

const BEGINNING = new Date(0);

function timesOfState(
  { state, plannedAt, request, clearance }: Approval,
  { planValidMs, remindAt }: ApprovalPolicy,
): readonly Due[] {
  if (state === "draft") return [{ at: later(plannedAt, planValidMs), what: "deadline" }];
  if (state === "approved" && clearance !== undefined) {
    return [{ at: clearance.startBy, what: "deadline" }];
  }
  if (state !== "pending" || request === undefined) return [];
  const open = request.deadline.getTime() - request.at.getTime();
  const reminders = remindAt.map((part) => ({
    at: later(request.at, open * part),
    what: "remind" as const,
  }));
  return [...reminders, { at: request.deadline, what: "deadline" }];
}

function timesOfEmergency({ breakGlass }: Approval, until: Date): readonly Due[] {
  if (breakGlass === undefined || breakGlass.acknowledged !== undefined) return [];
  const days = Math.max(0, Math.floor((until.getTime() - breakGlass.at.getTime()) / DAY_MS));
  const asked = Array.from({ length: days }, (_, day) => ({
    at: later(breakGlass.at, (day + 1) * DAY_MS),
    what: "acknowledge" as const,
  }));
  return [...asked, { at: breakGlass.acknowledgeBy, what: "overdue" }];
}

function later(from: Date, ms: number): Date {
  return new Date(from.getTime() + ms);
}
