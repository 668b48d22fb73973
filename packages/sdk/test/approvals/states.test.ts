import { describe, expect, test } from "vitest";
import {
  APPROVAL_EVENTS,
  APPROVAL_STATES,
  type ApprovalEventKind,
  type ApprovalState,
  EVENT_STATES,
  isFinal,
  type RefusalCode,
  transition,
} from "../../src/approvals/index.ts";
import { EVENTS, facts, IN, outcome } from "./office.ts";

type Row = Readonly<Record<ApprovalEventKind, ApprovalState | RefusalCode>>;

const over: Row = {
  request: "already_over",
  approve: "already_over",
  deny: "already_over",
  withdraw: "already_over",
  deadline: "already_over",
  supersede: "already_over",
  start: "already_over",
  drift: "already_over",
  finish: "already_over",
  cancel: "already_over",
  break_glass: "already_over",
  acknowledge: "glass_not_broken",
};

/** What a good event leads to in each state; a state or an event that is not named does not compile. */
const TABLE: Readonly<Record<ApprovalState, Row>> = {
  draft: {
    request: "pending",
    approve: "not_requested",
    deny: "not_requested",
    withdraw: "not_requested",
    deadline: "not_yet",
    supersede: "not_requested",
    start: "not_requested",
    drift: "not_requested",
    finish: "not_requested",
    cancel: "not_requested",
    break_glass: "not_requested",
    acknowledge: "glass_not_broken",
  },
  pending: {
    request: "still_pending",
    approve: "approved",
    deny: "denied",
    withdraw: "withdrawn",
    deadline: "not_yet",
    supersede: "superseded",
    start: "still_pending",
    drift: "still_pending",
    finish: "still_pending",
    cancel: "still_pending",
    break_glass: "approved",
    acknowledge: "glass_not_broken",
  },
  approved: {
    request: "already_approved",
    approve: "already_approved",
    deny: "already_approved",
    withdraw: "withdrawn",
    deadline: "not_yet",
    supersede: "superseded",
    start: "executing",
    drift: "stale",
    finish: "already_approved",
    cancel: "already_approved",
    break_glass: "already_approved",
    acknowledge: "glass_not_broken",
  },
  executing: {
    request: "already_started",
    approve: "already_started",
    deny: "already_started",
    withdraw: "already_started",
    deadline: "already_started",
    supersede: "already_started",
    start: "already_started",
    drift: "stale",
    finish: "succeeded",
    cancel: "cancelled",
    break_glass: "already_started",
    acknowledge: "glass_not_broken",
  },
  succeeded: over,
  partly_failed: over,
  failed: over,
  cancelled: over,
  denied: over,
  expired: over,
  withdrawn: over,
  superseded: over,
  stale: over,
};

const pairs = APPROVAL_STATES.flatMap((state) =>
  APPROVAL_EVENTS.map((event) => [state, event] as const),
);

describe("each state and each event", () => {
  test("makes 156 pairs, each of them named", () => {
    expect(pairs).toHaveLength(156);
    expect(Object.keys(TABLE).sort()).toEqual([...APPROVAL_STATES].sort());
    for (const row of Object.values(TABLE)) {
      expect(Object.keys(row).sort()).toEqual([...APPROVAL_EVENTS].sort());
    }
  });

  test.each(pairs)("%s + %s", (state, event) => {
    expect(IN[state].state).toBe(state);
    expect(outcome(IN[state], EVENTS[event])).toBe(TABLE[state][event]);
  });

  test.each(pairs)("%s + %s: a refusal says what to do, and nothing changes", (state, event) => {
    const before = structuredClone(IN[state]);
    const result = transition(IN[state], EVENTS[event], facts());
    expect(IN[state]).toEqual(before);
    if (result.ok) {
      expect(result.next.version).toBe(before.version + 1);
      expect(result.next.hash).toBe(before.hash);
      return;
    }
    expect(result.refusal.sentence).toMatch(/^[A-Z].{20,}\.$/);
  });
});

test("nothing but an acknowledgement happens in a final state", () => {
  const final = APPROVAL_STATES.filter(isFinal);
  expect(final).toHaveLength(9);
  for (const [event, states] of Object.entries(EVENT_STATES)) {
    const reached = states.filter(isFinal);
    expect(reached).toHaveLength(event === "acknowledge" ? 9 : 0);
  }
});

test("a row that was tampered with starts nothing", () => {
  const { request: _, ...bare } = IN.pending;
  expect(outcome(bare, EVENTS.approve)).toBe("still_pending");
  expect(outcome({ ...bare, state: "approved" }, EVENTS.start)).toBe("already_approved");
  const { clearance: __, ...uncleared } = IN.approved;
  expect(outcome(uncleared, EVENTS.start)).toBe("start_too_late");
});
