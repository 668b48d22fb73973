import {
  type Approval,
  type ApprovalEvent,
  type ApprovalFacts,
  DEFAULT_POLICY,
  type RefusalCode,
} from "../../src/approvals/index.ts";
import {
  after,
  ana,
  ben,
  draft,
  EVENTS,
  eva,
  follow,
  HOUR,
  happens,
  IN,
  ida,
  leo,
  MINUTE,
  OTHER_HASH,
  terminal,
  una,
  vic,
} from "./office.ts";

/** Something that is refused, and the code it is refused with. */
export interface Case {
  readonly code: RefusalCode;
  readonly when: string;
  readonly of: Approval;
  readonly event: ApprovalEvent;
  readonly facts?: Partial<ApprovalFacts>;
}

const { request, approve, deny, withdraw, start, cancel, acknowledge } = EVENTS;
const { break_glass: breakGlass } = EVENTS;
const broken = happens(IN.pending, breakGlass);
const scheduled = draft(2, { editors: ["ben"] });
const losing = draft(2, { concerned: ["eva"] });
const undoable = happens(draft(1), request);

/** At least one case for each code of the state machine. */
export const CASES: readonly Case[] = [
  // Requests.
  { code: "not_linked", when: "anybody asks", of: draft(), event: { ...request, by: una } },
  { code: "not_permitted", when: "a viewer asks", of: draft(), event: { ...request, by: vic } },
  {
    code: "plan_too_old",
    when: "the plan is 30 min old",
    of: draft(2, { plannedAt: after(-30 * MINUTE) }),
    event: request,
  },
  {
    code: "window_over",
    when: "the window is in the past",
    of: draft(),
    event: { ...request, window: { from: after(-HOUR), to: after(0) } },
  },
  {
    code: "window_over",
    when: "the window ends before it begins",
    of: draft(),
    event: { ...request, window: { from: after(2 * HOUR), to: after(HOUR) } },
  },
  {
    code: "frozen",
    when: "changes are frozen",
    of: draft(),
    event: request,
    facts: { isFrozen: true },
  },
  {
    code: "same_request_open",
    when: "the same plan waits",
    of: draft(),
    event: { ...request, twin: "A-92QX" },
  },
  {
    code: "reason_missing",
    when: "class 3 is asked for without why",
    of: draft(3),
    event: { ...request, reason: undefined },
  },
  // Votes.
  { code: "not_linked", when: "anybody approves", of: IN.pending, event: { ...approve, by: una } },
  { code: "not_linked", when: "anybody denies", of: IN.pending, event: { ...deny, by: una } },
  {
    code: "local_cannot_vote",
    when: "the terminal approves",
    of: IN.pending,
    event: { ...approve, by: terminal },
  },
  {
    code: "not_permitted",
    when: "a viewer approves",
    of: IN.pending,
    event: { ...approve, by: vic },
  },
  { code: "not_permitted", when: "a viewer denies", of: IN.pending, event: { ...deny, by: vic } },
  {
    code: "own_request",
    when: "the requester approves",
    of: IN.pending,
    event: { ...approve, by: ana },
  },
  {
    code: "own_request",
    when: "the requester denies",
    of: IN.pending,
    event: { ...deny, by: ana },
  },
  {
    code: "own_edit",
    when: "the last editor of its schedule approves",
    of: happens(scheduled, request),
    event: { ...approve, by: ben },
  },
  {
    code: "own_matter",
    when: "who would lose their role approves that",
    of: happens(losing, request),
    event: { ...approve, by: eva },
  },
  {
    code: "own_matter",
    when: "who would lose their role denies that",
    of: happens(losing, request),
    event: { ...deny, by: eva },
  },
  {
    code: "own_matter",
    when: "who would lose their role withdraws that",
    of: happens(losing, request),
    event: { ...withdraw, by: eva },
  },
  {
    code: "own_matter",
    when: "who would lose their role stops that, naming an incident",
    of: follow(losing, [request, { ...approve, by: ida }, start]),
    event: { ...cancel, by: eva, incident: "INC-7" },
  },
  {
    code: "already_voted",
    when: "the same person approves twice",
    of: happens(happens(draft(3), request), { ...approve, by: ben }),
    event: { ...approve, by: ben },
  },
  {
    code: "already_voted",
    when: "somebody denies what they approved",
    of: happens(happens(draft(3), request), { ...approve, by: ben }),
    event: { ...deny, by: ben },
  },
  {
    code: "hash_differs",
    when: "another plan was shown",
    of: IN.pending,
    event: { ...approve, hash: OTHER_HASH },
  },
  {
    code: "hash_differs",
    when: "only the beginning of the hash is given",
    of: IN.pending,
    event: { ...approve, hash: "9f2c11ab" },
  },
  ...[approve, deny, breakGlass].map((event) => ({
    code: "deadline_passed" as const,
    when: `${event.kind} comes at the deadline`,
    of: IN.pending,
    event,
    facts: { now: after(HOUR) },
  })),
  {
    code: "step_up_needed",
    when: "class 3 is approved without a fresh login",
    of: happens(draft(3), request),
    event: { ...approve, by: { ...eva, steppedUpAt: undefined } },
  },
  {
    code: "step_up_needed",
    when: "the login is older than 5 min",
    of: happens(draft(3), request),
    event: approve,
    facts: { now: after(5 * MINUTE + 1) },
  },
  {
    code: "reason_missing",
    when: "a denial says nothing",
    of: IN.pending,
    event: { ...deny, reason: " " },
  },
  // What stops it.
  {
    code: "not_yours",
    when: "a colleague withdraws",
    of: IN.pending,
    event: { ...withdraw, by: ben },
  },
  {
    code: "not_linked",
    when: "anybody withdraws",
    of: IN.pending,
    event: { ...withdraw, by: una },
  },
  {
    code: "not_yours",
    when: "a colleague cancels",
    of: IN.executing,
    event: { ...cancel, by: ben },
  },
  {
    code: "not_yours",
    when: "a viewer names an incident",
    of: IN.executing,
    event: { ...cancel, by: vic, incident: "INC-7" },
  },
  { code: "not_linked", when: "anybody cancels", of: IN.executing, event: { ...cancel, by: una } },
  {
    code: "not_admin",
    when: "an Operator stops what runs",
    of: IN.executing,
    event: { ...cancel, isNow: true },
  },
  {
    code: "reason_missing",
    when: "a cancel says nothing",
    of: IN.executing,
    event: { ...cancel, reason: "" },
  },
  { code: "not_yet", when: "there is still time", of: IN.pending, event: EVENTS.deadline },
  // The start.
  { code: "start_too_early", when: "it may still be undone", of: undoable, event: start },
  {
    code: "start_too_late",
    when: "15 min are over",
    of: IN.approved,
    event: start,
    facts: { now: after(15 * MINUTE) },
  },
  {
    code: "frozen",
    when: "it starts while frozen",
    of: IN.approved,
    event: start,
    facts: { isFrozen: true },
  },
  {
    code: "frozen",
    when: "somebody approves while frozen",
    of: IN.pending,
    event: approve,
    facts: { isFrozen: true },
  },
  {
    code: "lease_missing",
    when: "another run holds it",
    of: IN.approved,
    event: { ...start, hasLease: false },
  },
  ...[
    undefined,
    { ...ana, isPermitted: false },
    { ...ana, identity: "unlinked" as const },
    ben,
  ].map((requester) => ({
    code: "requester_lost_permission" as const,
    when: `the requester is ${JSON.stringify(requester)}`,
    of: IN.approved,
    event: { ...start, requester },
  })),
  // Emergencies.
  {
    code: "not_linked",
    when: "anybody breaks the glass",
    of: IN.pending,
    event: { ...breakGlass, by: una },
  },
  {
    code: "local_cannot_vote",
    when: "the terminal breaks the glass",
    of: IN.pending,
    event: { ...breakGlass, by: terminal },
  },
  {
    code: "not_admin",
    when: "an Operator breaks the glass",
    of: IN.pending,
    event: { ...breakGlass, by: ben },
  },
  {
    code: "not_permitted",
    when: "an Admin breaks it for what only a Super Admin may do",
    of: IN.pending,
    event: { ...breakGlass, by: { ...eva, isPermitted: false } },
  },
  ...[ida, leo].map((by) => ({
    code: "glass_too_high" as const,
    when: `${by.id} breaks it for what governs`,
    of: happens(draft(4), request),
    event: { ...breakGlass, by },
  })),
  {
    code: "glass_too_high",
    when: "what is asked has risen to that since",
    of: happens(happens(draft(2), request), { ...approve, found: { risk: 4, why: "it governs" } }),
    event: { ...breakGlass, by: leo },
  },
  {
    code: "frozen",
    when: "the glass is broken while frozen",
    of: IN.pending,
    event: breakGlass,
    facts: { isFrozen: true },
  },
  {
    code: "reason_too_short",
    when: "the reason has 19 characters",
    of: IN.pending,
    event: { ...breakGlass, reason: `${"x".repeat(19)}   ` },
  },
  {
    code: "ticket_missing",
    when: "no ticket is named",
    of: IN.pending,
    event: { ...breakGlass, ticket: "" },
  },
  ...["", "9f2c11a", "9f2c 11a", "0badc"].map((typedHash) => ({
    code: "hash_too_short" as const,
    when: `the typed hash is "${typedHash}"`,
    of: IN.pending,
    event: { ...breakGlass, typedHash },
  })),
  ...["9f2c11ac", OTHER_HASH].map((typedHash) => ({
    code: "hash_differs" as const,
    when: `the typed hash is "${typedHash}"`,
    of: IN.pending,
    event: { ...breakGlass, typedHash },
  })),
  {
    code: "break_glass_limit",
    when: "it is the third time in 24 h",
    of: IN.pending,
    event: { ...breakGlass, earlier: [after(-HOUR), after(-23 * HOUR)] },
  },
  {
    code: "break_glass_limit",
    when: "the policy has switched it off",
    of: IN.pending,
    event: breakGlass,
    facts: {
      policy: { ...DEFAULT_POLICY, breakGlass: { ...DEFAULT_POLICY.breakGlass, perDay: 0 } },
    },
  },
  {
    code: "step_up_needed",
    when: "the glass is broken without a fresh login",
    of: happens(draft(3), request),
    event: { ...breakGlass, by: { ...eva, steppedUpAt: undefined } },
  },
  { code: "glass_not_broken", when: "nobody broke the glass", of: IN.pending, event: acknowledge },
  {
    code: "own_emergency",
    when: "the breaker acknowledges",
    of: broken,
    event: { ...acknowledge, by: eva },
  },
  {
    code: "not_admin",
    when: "an Operator acknowledges",
    of: broken,
    event: { ...acknowledge, by: ben },
  },
  {
    code: "not_linked",
    when: "anybody acknowledges",
    of: broken,
    event: { ...acknowledge, by: { ...leo, identity: "unlinked" } },
  },
  {
    code: "local_cannot_vote",
    when: "the terminal acknowledges",
    of: broken,
    event: { ...acknowledge, by: terminal },
  },
  {
    code: "already_acknowledged",
    when: "two Admins acknowledge",
    of: happens(broken, acknowledge),
    event: { ...acknowledge, by: ida },
  },
  // States; every pair of state and event is in states.test.ts.
  { code: "not_requested", when: "a draft is approved", of: IN.draft, event: approve },
  { code: "still_pending", when: "a request starts", of: IN.pending, event: start },
  { code: "already_approved", when: "it is approved again", of: IN.approved, event: approve },
  { code: "already_started", when: "it starts again", of: IN.executing, event: start },
  { code: "already_over", when: "a denied one is approved", of: IN.denied, event: approve },
];
