import type { Approval, RequestedApproval } from "./approval.ts";
import type { ApprovalEvent, ApprovalFacts } from "./events.ts";
import { frozen, noReason, ownMatter, unlinked } from "./guards.ts";
import { isAdmin, namesOf, type Person } from "./person.ts";
import { approversOf } from "./quorum.ts";
import { type Refusal, refusal } from "./refusal.ts";
import { next, refused, type TransitionResult, tellRequester } from "./result.ts";

type EventOf<Kind> = Extract<ApprovalEvent, { kind: Kind }>;

/** A worker that holds the cluster starts it. */
export function start(
  approval: RequestedApproval,
  event: EventOf<"start">,
  facts: ApprovalFacts,
): TransitionResult {
  const no =
    outOfTime(approval, facts) ??
    frozen(facts) ??
    lostRight(approval, event, facts) ??
    withoutLease(event);
  if (no !== undefined) return refused(no);
  return next(approval, { state: "executing" }, tellRequester(approval));
}

/** The world has changed under an approved plan: votes are for that plan, not for the next one. */
export function drift(
  approval: RequestedApproval,
  { difference }: EventOf<"drift">,
  { now }: ApprovalFacts,
): TransitionResult {
  return next(approval, { state: "stale", ending: { at: now, reason: difference } }, [
    ...tellRequester(approval),
    { kind: "plan_again", difference },
  ]);
}

/** The run has ended. */
export function finish(
  approval: RequestedApproval,
  { outcome }: EventOf<"finish">,
  { now }: ApprovalFacts,
): TransitionResult {
  return next(approval, { state: outcome, ending: { at: now } }, tellRequester(approval));
}

/** Somebody stops the run: nothing new starts, what runs may finish. */
export function cancel(
  approval: RequestedApproval,
  { by, reason, incident, isNow = false }: EventOf<"cancel">,
  facts: ApprovalFacts,
): TransitionResult {
  const no =
    unlinked(by) ??
    ownMatter(approval, by, approversOf(approval, facts.people, by)) ??
    (isRescue(by, incident)
      ? undefined
      : notYours(approval, by, facts, " During an incident, name the incident.")) ??
    (isNow && !isAdmin(by) ? onlyAdminsStop(facts) : undefined) ??
    noReason(reason);
  if (no !== undefined) return refused(no);
  const ending = { at: facts.now, by: by.id, reason };
  return next(approval, { state: "cancelled", ending }, [
    { kind: "stop_run", isNow },
    ...tellRequester(approval),
  ]);
}

/** Tells whether somebody who is permitted names an incident: then it need not be their own. */
export function isRescue(by: Person, incident: string | undefined): boolean {
  return by.isPermitted && (incident ?? "").trim() !== "";
}

/** Refuses who neither asked for it nor is an Admin; `wayOut` says what else there is. */
export function notYours(
  { request }: RequestedApproval,
  by: Person,
  { people }: ApprovalFacts,
  wayOut: string = "",
): Refusal | undefined {
  if (request.by === by.id || isAdmin(by)) return undefined;
  const sentence = `Only who asked for this or an Admin may stop it; ask ${namesOf(people.filter(isAdmin))}.`;
  return refusal("not_yours", `${sentence}${wayOut}`);
}

function onlyAdminsStop({ people }: ApprovalFacts): Refusal {
  return refusal(
    "not_admin",
    `Only an Admin may stop moves that run; ask ${namesOf(people.filter(isAdmin))}, or let them finish.`,
  );
}

function outOfTime({ clearance }: Approval, { now }: ApprovalFacts): Refusal | undefined {
  if (clearance !== undefined && now < clearance.notBefore) {
    return refusal("start_too_early", "It may still be withdrawn; wait until its time to start.");
  }
  if (clearance !== undefined && now < clearance.startBy) return undefined;
  return refusal(
    "start_too_late",
    "The time to start is over and nothing was done; the requester can plan and ask again.",
  );
}

function lostRight(
  { request }: RequestedApproval,
  { requester }: EventOf<"start">,
  { people }: ApprovalFacts,
): Refusal | undefined {
  const isThere = requester?.id === request.by && requester.identity !== "unlinked";
  if (isThere && requester.isPermitted) return undefined;
  return refusal(
    "requester_lost_permission",
    `Who asked for this is no longer permitted to; ${namesOf(people)} can plan and ask for it.`,
  );
}

function withoutLease({ hasLease }: EventOf<"start">): Refusal | undefined {
  if (hasLease) return undefined;
  return refusal(
    "lease_missing",
    "Another run holds this cluster; wait for its end, or ask an Admin to cancel it.",
  );
}
