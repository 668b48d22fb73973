import {
  type Approval,
  type ApprovalEvent,
  type ApprovalFacts,
  type ApprovalState,
  DEFAULT_POLICY,
  draftApproval,
  type FoundRisk,
  type Person,
  type RefusalCode,
  type RiskClass,
  transition,
} from "../../src/approvals/index.ts";

export const NOON: Date = new Date("2026-11-21T12:00:00Z");
export const HASH = "9f2c11ab".padEnd(64, "0");
export const OTHER_HASH = "0badcafe".padEnd(64, "0");
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** The instant some milliseconds after noon. */
export function after(ms: number): Date {
  return new Date(NOON.getTime() + ms);
}

function person(id: string, rank: Person["rank"], change: Partial<Person> = {}): Person {
  const name = id.slice(0, 1).toUpperCase() + id.slice(1);
  return { id, name, identity: "linked", isPermitted: true, rank, steppedUpAt: NOON, ...change };
}

export const ana: Person = person("ana", "member");
export const ben: Person = person("ben", "member");
export const eva: Person = person("eva", "admin");
export const ida: Person = person("ida", "admin");
export const leo: Person = person("leo", "super_admin");
export const kim: Person = person("kim", "super_admin");
export const mia: Person = person("mia", "super_admin");
export const vic: Person = person("vic", "member", { isPermitted: false });
export const una: Person = person("una", "member", { identity: "unlinked" });
export const terminal: Person = person("local", "super_admin", { identity: "local" });

export function facts(change: Partial<ApprovalFacts> = {}): ApprovalFacts {
  const people = [ana, ben, eva, ida, leo];
  return { now: NOON, policy: DEFAULT_POLICY, isFrozen: false, people, ...change };
}

export function draft(risk: RiskClass = 2, change: Partial<Approval> = {}): Approval {
  const plan = { hash: HASH, risk, plannedAt: after(-MINUTE), editors: ["ana"] };
  return { ...draftApproval(plan), ...change };
}

/** Nothing has come in between: whatever class a plan is of, it is of no higher one. */
export const SAME: FoundRisk = { risk: 0, why: "it is as it was" };

/** A good event of each kind, by somebody who may. */
export const EVENTS: { readonly [Kind in ApprovalEvent["kind"]]: ApprovalEvent & { kind: Kind } } =
  {
    request: { kind: "request", by: ana, reason: "pve1 is full" },
    approve: { kind: "approve", by: eva, hash: HASH, found: SAME },
    deny: { kind: "deny", by: eva, reason: "backups run" },
    withdraw: { kind: "withdraw", by: ana },
    deadline: { kind: "deadline" },
    supersede: { kind: "supersede", plan: "P-8888" },
    start: { kind: "start", hasLease: true, requester: ana },
    drift: { kind: "drift", difference: "web-01 is on pve3" },
    finish: { kind: "finish", outcome: "succeeded" },
    cancel: { kind: "cancel", by: ana, reason: "users complain" },
    break_glass: {
      kind: "break_glass",
      by: eva,
      reason: "pve1 dies within minutes, the fans stand still",
      ticket: "INC-7",
      typedHash: "9f2c 11ab",
      earlier: [],
    },
    acknowledge: { kind: "acknowledge", by: leo },
  };

/** Takes an approval through events that must all happen. */
export function follow(start: Approval, events: readonly ApprovalEvent[], now = NOON): Approval {
  return events.reduce((approval, event) => happens(approval, event, { now }), start);
}

/** The approval after an event that must happen. */
export function happens(
  approval: Approval,
  event: ApprovalEvent,
  change: Partial<ApprovalFacts> = {},
): Approval {
  const result = transition(approval, event, facts(change));
  if (!result.ok) throw new Error(`${event.kind}: ${result.refusal.sentence}`);
  return result.next;
}

/** What an event leads to, as one word: the next state, or why not. */
export function outcome(
  approval: Approval,
  event: ApprovalEvent,
  change: Partial<ApprovalFacts> = {},
): ApprovalState | RefusalCode {
  const result = transition(approval, event, facts(change));
  return result.ok ? result.next.state : result.refusal.code;
}

const pending = follow(draft(), [EVENTS.request]);
const approved = follow(pending, [EVENTS.approve]);
const executing = follow(approved, [EVENTS.start]);

/** An approval in each state, brought there by events. */
export const IN: Readonly<Record<ApprovalState, Approval>> = {
  draft: draft(),
  pending,
  approved,
  executing,
  succeeded: follow(executing, [EVENTS.finish]),
  partly_failed: follow(executing, [{ kind: "finish", outcome: "partly_failed" }]),
  failed: follow(executing, [{ kind: "finish", outcome: "failed" }]),
  cancelled: follow(executing, [EVENTS.cancel]),
  denied: follow(pending, [EVENTS.deny]),
  expired: follow(pending, [EVENTS.deadline], after(HOUR)),
  withdrawn: follow(pending, [EVENTS.withdraw]),
  superseded: follow(pending, [EVENTS.supersede]),
  stale: follow(approved, [EVENTS.drift]),
};
