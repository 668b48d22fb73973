import { describe, expect, test } from "vitest";
import {
  APPROVAL_STATES,
  acknowledgersOf,
  DEFAULT_POLICY,
  type Due,
  dueBetween,
  isFinal,
  newestDue,
  transition,
} from "../../src/approvals/index.ts";
import {
  after,
  draft,
  EVENTS,
  eva,
  facts,
  HASH,
  HOUR,
  happens,
  IN,
  leo,
  MINUTE,
  outcome,
} from "./office.ts";

const { break_glass: breakGlass, start, acknowledge, request } = EVENTS;
const DAY = 24 * HOUR;
const broken = happens(IN.pending, breakGlass);

describe("breaking the glass", () => {
  test("approves without a quorum, for 10 min, and tells everybody whom it passed over", () => {
    const result = transition(IN.pending, breakGlass, facts());
    expect(result.ok && result.effects).toEqual([
      { kind: "alarm", people: ["leo", "ida", "ben"], ticket: "INC-7" },
      { kind: "tell_requester", requester: "ana" },
      { kind: "start_run", notBefore: after(0), startBy: after(10 * MINUTE) },
    ]);
    expect(outcome(broken, start, { now: after(10 * MINUTE - 1) })).toBe("executing");
    expect(outcome(broken, start, { now: after(10 * MINUTE) })).toBe("start_too_late");
  });

  test("passes over people only: neither the freeze, nor the lease, nor drift", () => {
    expect(outcome(broken, start, { isFrozen: true })).toBe("frozen");
    expect(outcome(broken, { ...start, hasLease: false })).toBe("lease_missing");
    expect(outcome(broken, EVENTS.drift)).toBe("stale");
  });

  test("is open to the only Admin, who asked for it themselves", () => {
    const asked = happens(draft(3, { editors: [] }), { ...request, by: eva });
    expect(outcome(asked, breakGlass)).toBe("approved");
  });

  test("is no way past the Super Admins in what governs, whoever asked for it", () => {
    const asked = happens(draft(4, { editors: [] }), { ...request, by: eva });
    const sentenceTo = (people: ReturnType<typeof facts>["people"]) => {
      const result = transition(asked, breakGlass, facts({ people }));
      return result.ok ? "" : result.refusal.sentence;
    };
    expect(sentenceTo(facts().people)).toMatch(/^This is of class 4, .* ask Leo\.$/);
    expect(sentenceTo([eva])).toMatch(/name another Super Admin in the configuration/);
  });

  test("takes the hash as people type it", () => {
    for (const typedHash of ["9f2c11ab", " 9F2C 11AB ", HASH]) {
      expect(outcome(IN.pending, { ...breakGlass, typedHash })).toBe("approved");
    }
  });

  test("is possible again when 24 h are over", () => {
    const earlier = [after(-DAY), after(-HOUR)];
    expect(outcome(IN.pending, { ...breakGlass, earlier })).toBe("approved");
  });
});

describe("the acknowledgement", () => {
  test("is by another Admin and changes no state", () => {
    const seen = happens(broken, { ...acknowledge, by: leo }, { now: after(HOUR) });
    expect(seen.state).toBe("approved");
    expect(seen.breakGlass?.acknowledged).toEqual({ by: "leo", at: after(HOUR) });
  });

  test("can come in every state that follows, and late", () => {
    for (const state of APPROVAL_STATES.filter(isFinal)) {
      const ended = { ...broken, state };
      expect(outcome(ended, acknowledge, { now: after(80 * HOUR) })).toBe(state);
    }
  });

  test("is asked for daily until it comes, and overdue after 72 h", () => {
    const due = dueBetween(
      { ...broken, state: "succeeded" },
      DEFAULT_POLICY,
      after(0),
      after(4 * DAY),
    );
    expect(due).toEqual([
      { at: after(DAY), what: "acknowledge" },
      { at: after(2 * DAY), what: "acknowledge" },
      { at: after(3 * DAY), what: "acknowledge" },
      { at: after(3 * DAY), what: "overdue" },
      { at: after(4 * DAY), what: "acknowledge" },
    ] satisfies Due[]);
    const seen = happens(broken, acknowledge);
    expect(
      dueBetween({ ...seen, state: "succeeded" }, DEFAULT_POLICY, after(0), after(DAY)),
    ).toEqual([]);
  });
});

describe("what is done of it", () => {
  test("by whoever looks late is the newest of each kind, and not what has run out", () => {
    const at = (minutes: number) =>
      newestDue(IN.pending, DEFAULT_POLICY, after(minutes * MINUTE)).map(({ what }) => what);
    expect(at(29)).toEqual([]);
    expect(newestDue(IN.pending, DEFAULT_POLICY, after(55 * MINUTE))).toEqual([
      { at: after(54 * MINUTE), what: "remind" },
    ]);
    expect(at(60)).toEqual(["deadline"]);
    expect(at(24 * 60)).toEqual(["deadline"]);
  });

  test("is one question a day, and one word that it is overdue, after however many days", () => {
    const done = { ...broken, state: "succeeded" as const };
    const due = (days: number) => newestDue(done, DEFAULT_POLICY, after(days * DAY));
    expect(due(0.9)).toEqual([]);
    expect(due(2.5)).toEqual([{ at: after(2 * DAY), what: "acknowledge" }]);
    expect(due(3)).toEqual([{ at: after(3 * DAY), what: "overdue" }]);
    expect(due(20)).toEqual([
      { at: after(20 * DAY), what: "acknowledge" },
      { at: after(3 * DAY), what: "overdue" },
    ]);
  });

  test("concerns every Admin but who did it", () => {
    expect(acknowledgersOf(broken, facts().people).map(({ id }) => id)).toEqual(["ida", "leo"]);
  });
});

describe("what falls due", () => {
  const whole = (approval: typeof broken) =>
    dueBetween(approval, DEFAULT_POLICY, after(-DAY), after(DAY - 1));

  test("a request reminds at half and at nine tenths of its time", () => {
    expect(whole(IN.pending)).toEqual([
      { at: after(30 * MINUTE), what: "remind" },
      { at: after(54 * MINUTE), what: "remind" },
      { at: after(60 * MINUTE), what: "deadline" },
    ]);
  });

  test("each once, whenever one looks", () => {
    const looks = [0, 30, 53, 54, 59, 61, 90].map((minutes) => after(minutes * MINUTE));
    const found = looks.flatMap((until, index) =>
      dueBetween(IN.pending, DEFAULT_POLICY, looks[index - 1] ?? after(-1), until),
    );
    expect(found.map(({ what }) => what)).toEqual(["remind", "remind", "deadline"]);
  });

  test("drafts and approved plans end, what has ended does not", () => {
    expect(whole(IN.draft)).toEqual([{ at: after(29 * MINUTE), what: "deadline" }]);
    expect(whole(IN.approved)).toEqual([{ at: after(15 * MINUTE), what: "deadline" }]);
    expect(whole(IN.executing)).toEqual([]);
    expect(whole(IN.denied)).toEqual([]);
  });
});
