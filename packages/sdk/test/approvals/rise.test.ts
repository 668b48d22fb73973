import { describe, expect, test } from "vitest";
import {
  type Approval,
  type ApprovalEvent,
  DEFAULT_POLICY,
  type Person,
  type RiskClass,
  transition,
} from "../../src/approvals/index.ts";
import { STANDARD_POLICY } from "../../src/approving/policy.ts";
import {
  ana,
  ben,
  draft,
  EVENTS,
  eva,
  facts,
  HASH,
  HOUR,
  happens,
  ida,
  leo,
  MINUTE,
  NOON,
  outcome,
} from "./office.ts";

const why = "it leaves a node empty";
const people = [ana, ben, eva, ida, leo];
const policy = STANDARD_POLICY;

function vote(by: Person, risk: RiskClass): ApprovalEvent {
  return { kind: "approve", by, hash: HASH, found: { risk, why } };
}

function asked(risk: RiskClass): Approval {
  return happens(draft(risk), EVENTS.request, { policy });
}

describe("a request whose class is higher at the vote", () => {
  test("takes the people of the higher class, and keeps the vote", () => {
    const first = happens(asked(2), vote(ben, 3), { policy });
    expect(first).toMatchObject({
      state: "pending",
      risk: 3,
      risen: { from: 2, at: NOON, why },
      request: { quorum: { approvals: 2, admins: 1, superAdmins: 0 } },
      votes: [{ person: "ben" }],
    });
    expect(outcome(first, vote(ben, 3), { policy })).toBe("already_voted");
    expect(outcome(first, vote(eva, 3), { policy })).toBe("approved");
  });

  test("is told of to who asked and to those who can still approve", () => {
    const result = transition(asked(2), vote(ben, 3), facts({ policy, people }));
    const told = result.ok ? result.effects : [];
    expect(told).toContainEqual({ kind: "tell_risen", people: ["ana", "leo", "eva", "ida"] });
    const same = transition(asked(2), vote(ben, 2), facts({ policy, people }));
    const kinds = same.ok ? same.effects.map(({ kind }) => kind) : [];
    expect(kinds).toEqual(["tell_requester", "start_run"]);
  });

  test("stays of that class when less is found at the next vote", () => {
    const first = happens(asked(2), vote(ben, 3), { policy });
    const second = happens(first, vote(leo, 1), { policy });
    expect(second).toMatchObject({ state: "approved", risk: 3, risen: { from: 2 } });
    const alone = happens(asked(3), vote(ben, 2), { policy });
    expect(alone).toMatchObject({ state: "pending", risk: 3 });
    expect(alone.risen).toBeUndefined();
  });

  test("never takes fewer people than it did", () => {
    const strict = { ...policy.quorum[2], approvals: 3 };
    const many = { ...policy, quorum: { ...policy.quorum, 2: strict } };
    const request = happens(draft(2), EVENTS.request, { policy: many });
    const risen = happens(request, vote(ben, 3), { policy });
    expect(risen.request?.quorum).toEqual({ approvals: 3, admins: 1, superAdmins: 0 });
  });

  test("says at once that too few people can approve it now", () => {
    const result = transition(asked(2), vote(ben, 3), facts({ policy, people: [ana, ben] }));
    const told = result.ok ? result.effects : [];
    expect(told).toContainEqual({
      kind: "quorum_unreachable",
      missing: { approvals: 1, admins: 1, superAdmins: 0 },
    });
  });

  test("asks those again who voted without the login that it takes now", () => {
    const two = { ...DEFAULT_POLICY.quorum[2], approvals: 2 };
    const strict = { ...DEFAULT_POLICY, quorum: { ...DEFAULT_POLICY.quorum, 2: two } };
    const request = happens(draft(2), EVENTS.request, { policy: strict });
    const tired = { ...ben, steppedUpAt: new Date(NOON.getTime() - HOUR) };
    const first = happens(request, vote(tired, 2), { policy: strict });
    expect(outcome(first, vote({ ...eva, steppedUpAt: undefined }, 3), { policy: strict })).toBe(
      "step_up_needed",
    );
    const second = happens(first, vote(eva, 3), { policy: strict });
    expect(second.votes.map(({ person }) => person)).toEqual(["eva"]);
    expect(second.state).toBe("pending");
    expect(outcome(second, vote(ben, 3), { policy: strict })).toBe("approved");
  });

  test("does not rise by a vote that is refused", () => {
    const before = asked(2);
    const late = new Date(NOON.getTime() + HOUR + MINUTE);
    expect(outcome(before, vote(ben, 3), { policy, now: late })).toBe("deadline_passed");
    expect(outcome(before, vote(ana, 3), { policy })).toBe("own_request");
  });
});
