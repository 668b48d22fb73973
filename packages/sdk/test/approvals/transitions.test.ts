import { describe, expect, test } from "vitest";
import {
  type Approval,
  type ApprovalEffect,
  type ApprovalEvent,
  type ApprovalFacts,
  approversOf,
  DEFAULT_POLICY,
  type Person,
  transition,
} from "../../src/approvals/index.ts";
import {
  after,
  ana,
  ben,
  draft,
  EVENTS,
  eva,
  facts,
  follow,
  HASH,
  HOUR,
  happens,
  IN,
  ida,
  kim,
  leo,
  MINUTE,
  mia,
  outcome,
  SAME,
  terminal,
} from "./office.ts";

const { request, start, cancel, withdraw } = EVENTS;

function approvalOf(by: Person): ApprovalEvent {
  return { kind: "approve", by, hash: HASH, found: SAME };
}

function effects(
  approval: Approval,
  event: ApprovalEvent,
  change: Partial<ApprovalFacts> = {},
): readonly ApprovalEffect[] {
  const result = transition(approval, event, facts(change));
  if (!result.ok) throw new Error(result.refusal.sentence);
  return result.effects;
}

describe("a request", () => {
  test("of class 0 or 1 needs nobody else", () => {
    expect(outcome(draft(0), request)).toBe("approved");
    expect(outcome(draft(1), request)).toBe("approved");
  });

  test("of class 1 can be withdrawn for 10 s before it starts", () => {
    const asked = happens(draft(1), request);
    expect(outcome(asked, start, { now: after(9_999) })).toBe("start_too_early");
    expect(outcome(asked, withdraw, { now: after(9_999) })).toBe("withdrawn");
    expect(outcome(asked, start, { now: after(10_000) })).toBe("executing");
  });

  test("of class 2 needs one other, whoever is permitted", () => {
    expect(outcome(IN.pending, approvalOf(ben))).toBe("approved");
  });

  test("of class 3 needs two, at least one of them an Admin", () => {
    const people = [ana, ben, eva, { ...ben, id: "bob", name: "Bob" }];
    const bob = people[3] as Person;
    const asked = happens(draft(3), request, { people });
    const members = follow(asked, [approvalOf(ben), approvalOf(bob)]);
    expect(members.state).toBe("pending");
    expect(outcome(members, approvalOf(eva))).toBe("approved");
    expect(follow(asked, [approvalOf(eva), approvalOf(ben)]).state).toBe("approved");
  });

  test("of class 4 needs a Super Admin, and two where there are three", () => {
    const two = happens(draft(4), request, { people: [ana, eva, leo, kim] });
    expect(outcome(two, approvalOf(eva))).toBe("pending");
    expect(outcome(two, approvalOf(leo))).toBe("approved");
    const people = [ana, eva, leo, kim, mia];
    const three = happens(draft(4), request, { people });
    expect(follow(three, [approvalOf(eva), approvalOf(leo)]).state).toBe("pending");
    const late = follow(three, [approvalOf(leo)]);
    expect(outcome(late, approvalOf(kim), { people })).toBe("approved");
  });

  test("of class 4 counts the requester among the Super Admins that there are", () => {
    const people = [leo, kim, mia];
    const asked = happens(draft(4, { editors: [] }), { ...request, by: leo }, { people });
    expect(asked.request?.quorum).toEqual({ approvals: 2, admins: 2, superAdmins: 2 });
  });

  test("of class 4 counts whoever holds the process as nobody, also where it asks itself", () => {
    const policy = { ...DEFAULT_POLICY, local: "required" as const };
    const quorumOf = (people: readonly Person[]) =>
      happens(draft(4, { editors: [] }), { ...request, by: terminal }, { people, policy }).request
        ?.quorum;
    expect(quorumOf([eva, leo, kim])).toEqual({ approvals: 1, admins: 1, superAdmins: 1 });
    expect(quorumOf([leo, kim, mia])).toEqual({ approvals: 2, admins: 2, superAdmins: 2 });
  });

  test("of class 4 counts those from whom it takes something neither as voters nor as Super Admins", () => {
    const people = [leo, kim, mia];
    const losing = draft(4, { editors: [], concerned: ["mia"] });
    const asked = happens(losing, { ...request, by: leo }, { people });
    expect(asked.request?.quorum).toEqual({ approvals: 1, admins: 1, superAdmins: 1 });
    expect(outcome(asked, approvalOf(kim), { people })).toBe("approved");
  });

  test("asks all who can approve, the highest first, and says at once when they are too few", () => {
    expect(effects(draft(), request)).toEqual([
      { kind: "ask_approvers", people: ["leo", "eva", "ida", "ben"] },
    ]);
    const alone = [ana, { ...ben, identity: "unlinked" as const }];
    expect(effects(draft(), request, { people: alone })).toEqual([
      { kind: "ask_approvers", people: [] },
      { kind: "quorum_unreachable", missing: { approvals: 1, admins: 0, superAdmins: 0 } },
    ]);
    expect(
      effects(draft(3), request, { people: [ana, ben, { ...ben, id: "bob" }] }),
    ).toContainEqual({
      kind: "quorum_unreachable",
      missing: { approvals: 0, admins: 1, superAdmins: 0 },
    });
  });

  test("by whoever holds the process needs nobody else, unless the policy says so", () => {
    const local: ApprovalEvent = { ...request, by: terminal };
    const asked = happens(draft(4, { editors: [] }), local);
    expect(asked.state).toBe("approved");
    expect(outcome(asked, { ...start, requester: terminal })).toBe("executing");
    const policy = { ...DEFAULT_POLICY, local: "required" as const };
    expect(outcome(draft(), local, { policy })).toBe("pending");
  });

  test("stays open for an hour, and no longer than its window", () => {
    expect(IN.pending.request?.deadline).toEqual(after(HOUR));
    const window = { from: after(5 * MINUTE), to: after(20 * MINUTE) };
    const asked = happens(draft(), { ...request, window });
    expect(asked.request?.deadline).toEqual(after(20 * MINUTE));
    const approved = happens(asked, approvalOf(eva));
    expect(outcome(approved, start, { now: after(5 * MINUTE - 1) })).toBe("start_too_early");
    expect(outcome(approved, start, { now: after(19 * MINUTE) })).toBe("executing");
    expect(outcome(approved, start, { now: after(20 * MINUTE) })).toBe("start_too_late");
  });
});

describe("votes", () => {
  const asked = happens(draft(3), request);

  test("are of people, whichever account they use", () => {
    const voted = happens(asked, approvalOf(eva));
    expect(outcome(voted, approvalOf({ ...eva, name: "eva on Discord" }))).toBe("already_voted");
    expect(voted.votes).toEqual([{ person: "eva", decision: "approve", at: after(0), hash: HASH }]);
  });

  test("no longer count when their voter has lost the permission", () => {
    const voted = happens(asked, approvalOf(eva));
    const people = [ana, ben, { ...eva, isPermitted: false }, ida];
    expect(outcome(voted, approvalOf(ida), { people })).toBe("pending");
    expect(outcome(voted, approvalOf(ida), { people: [ana, ben, ida] })).toBe("pending");
    expect(outcome(voted, approvalOf(ben), { people: [ana, ben, eva] })).toBe("approved");
  });

  test("count by the rank of now: who is no longer an Admin is none", () => {
    const voted = happens(asked, approvalOf(eva));
    const people = [ana, ben, { ...eva, rank: "member" as const }];
    expect(outcome(voted, approvalOf(ben), { people })).toBe("pending");
  });

  test("tell the requester, and whether it can still be reached", () => {
    const people = [ana, ben, eva];
    expect(effects(asked, approvalOf(ben), { people })).toEqual([
      { kind: "tell_requester", requester: "ana" },
    ]);
    expect(effects(asked, approvalOf(ben), { people: [ana, ben] })).toContainEqual({
      kind: "quorum_unreachable",
      missing: { approvals: 1, admins: 1, superAdmins: 0 },
    });
  });

  test("may come without a fresh login where the policy asks for none", () => {
    const by = { ...eva, steppedUpAt: undefined };
    const policy = { ...DEFAULT_POLICY, stepUpFrom: "never" as const };
    expect(outcome(asked, approvalOf(by), { policy })).toBe("pending");
    expect(outcome(asked, approvalOf(by))).toBe("step_up_needed");
    expect(outcome(asked, { kind: "deny", by, reason: "backups" })).toBe("denied");
  });

  test("are open to those who have not voted and had no hand in it, the highest first", () => {
    const voted = happens(asked, approvalOf(eva));
    expect(approversOf(voted, facts().people)).toEqual([leo, ida, ben]);
  });
});

describe("an approved plan", () => {
  test("is to be started within 15 min", () => {
    expect(effects(IN.pending, approvalOf(eva), { now: after(MINUTE) })).toEqual([
      { kind: "tell_requester", requester: "ana" },
      { kind: "start_run", notBefore: after(MINUTE), startBy: after(16 * MINUTE) },
    ]);
    expect(outcome(IN.approved, EVENTS.deadline, { now: after(15 * MINUTE) })).toBe("expired");
  });

  test("is planned again when the world has changed, without its votes", () => {
    expect(effects(IN.approved, EVENTS.drift)).toContainEqual({
      kind: "plan_again",
      difference: "web-01 is on pve3",
    });
  });
});

describe("a plan that drifts", () => {
  test("while it is carried out is stale as well, and says what differs", () => {
    const stale = happens(IN.executing, EVENTS.drift);
    expect(stale).toMatchObject({ state: "stale", ending: { reason: "web-01 is on pve3" } });
    expect(effects(IN.executing, EVENTS.drift)).toContainEqual({
      kind: "plan_again",
      difference: "web-01 is on pve3",
    });
  });
});

describe("stopping", () => {
  test("an Admin withdraws for others", () => {
    expect(outcome(IN.pending, { ...withdraw, by: eva })).toBe("withdrawn");
    expect(outcome(IN.approved, { ...withdraw, by: terminal })).toBe("withdrawn");
  });

  test("a colleague withdraws in a named incident, and nobody who may not do it themselves", () => {
    const incident = "INC-204";
    expect(outcome(IN.approved, { ...withdraw, by: ben, incident })).toBe("withdrawn");
    expect(outcome(IN.approved, { ...withdraw, by: ben, incident: " " })).toBe("not_yours");
    const guest = { ...ben, isPermitted: false };
    expect(outcome(IN.approved, { ...withdraw, by: guest, incident })).toBe("not_yours");
  });

  test("the requester, an Admin, and in an incident whoever is permitted cancel", () => {
    expect(effects(IN.executing, cancel)).toContainEqual({ kind: "stop_run", isNow: false });
    expect(outcome(IN.executing, { ...cancel, by: ida, isNow: true })).toBe("cancelled");
    expect(outcome(IN.executing, { ...cancel, by: ben, incident: "INC-7" })).toBe("cancelled");
  });

  test("a plan that nobody asks for runs out after 30 min", () => {
    expect(outcome(IN.draft, EVENTS.deadline, { now: after(29 * MINUTE) })).toBe("expired");
  });

  test("a run ends as it ended", () => {
    for (const end of ["succeeded", "partly_failed", "failed"] as const) {
      expect(outcome(IN.executing, { kind: "finish", outcome: end })).toBe(end);
    }
  });
});
