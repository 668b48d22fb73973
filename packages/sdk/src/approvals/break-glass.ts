import type { Approval, BreakGlass, Clearance, RequestedApproval } from "./approval.ts";
import { startRun } from "./clearance.ts";
import type { ApprovalEvent, ApprovalFacts } from "./events.ts";
import {
  frozen,
  noAdmin,
  nobodyInParticular,
  notFresh,
  otherHash,
  tooLate,
  unlinked,
  unpermitted,
} from "./guards.ts";
import { isAdmin, namesOf, type Person } from "./person.ts";
import { approversOf } from "./quorum.ts";
import { type Refusal, refusal } from "./refusal.ts";
import { next, refused, type TransitionResult, tellRequester } from "./result.ts";
import type { RiskClass } from "./risk.ts";

type BreakGlassEvent = Extract<ApprovalEvent, { kind: "break_glass" }>;

const DAY_MS = 24 * 60 * 60 * 1000;
/** As many digits of a hash as are shown. */
const SHOWN_DIGITS = 8;

/** Who governs: whoever goes past the others here could give themselves everything. */
const HIGHEST_CLASS: RiskClass = 4;

/**
 * An Admin goes past the quorum in an emergency. It passes over people and nothing else: drift, capacity, rules
 * and the freeze hold as ever. What is of the highest class is the Super Admins', in an emergency as well.
 */
export function breakGlass(
  approval: RequestedApproval,
  event: BreakGlassEvent,
  facts: ApprovalFacts,
): TransitionResult {
  const { by, reason, ticket, typedHash } = event;
  const { policy, now } = facts;
  const could = approversOf(approval, facts.people, by);
  const digits = typedHash.replaceAll(/\s/g, "").toLowerCase();
  const no =
    unlinked(by) ??
    nobodyInParticular(by, could) ??
    unpermitted(by, could) ??
    noAdmin(by, facts) ??
    tooLate(approval, facts) ??
    tooHigh(approval, could) ??
    frozen(facts) ??
    shortReason(reason, policy.breakGlass.reasonLength) ??
    noTicket(ticket) ??
    shortHash(digits) ??
    otherHash(approval, approval.hash.startsWith(digits) ? approval.hash : digits) ??
    tooOften(event, facts) ??
    notFresh(approval, by, facts);
  if (no !== undefined) return refused(no);

  const clearance: Clearance = {
    at: now,
    notBefore: now,
    startBy: new Date(now.getTime() + policy.breakGlass.startMs),
  };
  const broken: BreakGlass = {
    by: by.id,
    at: now,
    reason,
    ticket,
    acknowledgeBy: new Date(now.getTime() + policy.breakGlass.acknowledgeMs),
  };
  return next(approval, { state: "approved", clearance, breakGlass: broken }, [
    { kind: "alarm", people: toBeTold(approval, by, facts), ticket },
    ...tellRequester(approval),
    startRun(clearance),
  ]);
}

/** Another Admin has seen that it was done. */
export function acknowledge(
  approval: Approval,
  { by }: Extract<ApprovalEvent, { kind: "acknowledge" }>,
  facts: ApprovalFacts,
): TransitionResult {
  const { breakGlass: broken } = approval;
  const no =
    unlinked(by) ??
    nobodyInParticular(by, acknowledgersOf(approval, facts.people)) ??
    noAdmin(by, facts) ??
    unbroken(approval, by, facts);
  if (no !== undefined || broken === undefined) return refused(no ?? notBroken);
  const acknowledged = { by: by.id, at: facts.now };
  return next(approval, { breakGlass: { ...broken, acknowledged } });
}

/** Those who can acknowledge an emergency: other Admins. */
export function acknowledgersOf(
  { breakGlass: broken }: Approval,
  people: readonly Person[],
): readonly Person[] {
  return people.filter((person) => isAdmin(person) && person.id !== broken?.by);
}

const notBroken: Refusal = refusal(
  "glass_not_broken",
  "Nobody went past the quorum here, so there is nothing to acknowledge.",
);

function unbroken(approval: Approval, by: Person, { people }: ApprovalFacts): Refusal | undefined {
  const { breakGlass: broken } = approval;
  if (broken === undefined) return notBroken;
  if (broken.acknowledged !== undefined) {
    return refusal("already_acknowledged", "Another Admin has acknowledged this already.");
  }
  if (broken.by !== by.id) return undefined;
  const others = acknowledgersOf(approval, people);
  return refusal(
    "own_emergency",
    `You did this yourself, so another Admin acknowledges it; ask ${namesOf(others)}.`,
  );
}

/** Those who were passed over, and every Super Admin. */
function toBeTold(approval: Approval, by: Person, { people }: ApprovalFacts): readonly string[] {
  const skipped = approversOf(approval, people);
  const superAdmins = people.filter(({ rank }) => rank === "super_admin");
  const ids = [...skipped, ...superAdmins].map(({ id }) => id).filter((id) => id !== by.id);
  return [...new Set(ids)];
}

/** People type the hash as it is shown: its beginning, perhaps with spaces. */
function shortHash(digits: string): Refusal | undefined {
  if (digits.length >= SHOWN_DIGITS) return undefined;
  return refusal(
    "hash_too_short",
    `This takes at least the first ${SHOWN_DIGITS} characters of the plan's hash, and these are ${digits.length}; look at the plan, and type them without a space.`,
  );
}

function tooHigh(approval: Approval, could: readonly Person[]): Refusal | undefined {
  if (approval.risk < HIGHEST_CLASS) return undefined;
  const others = could.filter(({ rank }) => rank === "super_admin");
  const whom =
    others.length === 0
      ? "name another Super Admin in the configuration, and ask them"
      : `ask ${namesOf(others)}`;
  return refusal(
    "glass_too_high",
    `This is of class 4, which nobody goes past, in an emergency neither; ${whom}.`,
  );
}

function shortReason(reason: string, least: number): Refusal | undefined {
  if (reason.trim().length >= least) return undefined;
  return refusal(
    "reason_too_short",
    `An emergency needs a reason of at least ${least} characters; say what happens and why it cannot wait.`,
  );
}

function noTicket(ticket: string): Refusal | undefined {
  if (ticket.trim() !== "") return undefined;
  return refusal(
    "ticket_missing",
    "An emergency needs an incident or a ticket; open one and name it.",
  );
}

function tooOften(
  { by, earlier }: BreakGlassEvent,
  { now, policy, people }: ApprovalFacts,
): Refusal | undefined {
  const since = now.getTime() - DAY_MS;
  const recent = earlier.filter((at) => at.getTime() > since).length;
  if (recent < policy.breakGlass.perDay) return undefined;
  const others = people.filter((person) => isAdmin(person) && person.id !== by.id);
  return refusal(
    "break_glass_limit",
    `You went past the quorum as often as one person may in 24 h (${policy.breakGlass.perDay}); ask ${namesOf(others)}.`,
  );
}
