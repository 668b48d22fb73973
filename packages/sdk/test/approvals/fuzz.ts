import {
  APPROVAL_EVENTS,
  type Approval,
  type ApprovalEvent,
  type ApprovalEventKind,
  type ApprovalFacts,
  type ApprovalPolicy,
  DEFAULT_POLICY,
  draftApproval,
  isFinal,
  newestDue,
  type Person,
  type RiskClass,
  transition,
} from "../../src/approvals/index.ts";
import { Dice } from "../balancing/dice.ts";
import { type Inhabitant, live, makeTown, type Town } from "./town.ts";
import { type Attempt, Watchman } from "./watchman.ts";

/** What a fuzz saw. */
export interface FuzzReport {
  /** How often each event took effect, and how often it was refused. */
  readonly events: Readonly<Record<ApprovalEventKind, { taken: number; refused: number }>>;
  /** How often each refusal came. */
  readonly refusals: ReadonlyMap<string, number>;
  /** What took effect and must not have, with the step. */
  readonly complaints: readonly string[];
}

type Move = Attempt & {
  readonly what: ApprovalEventKind;
  readonly id: number;
  /** The class that somebody who votes is found to vote on. */
  readonly risk: RiskClass;
};

const LIVE_PLANS = 4;
const STEPS_OF_A_TOWN = 2000;

/**
 * Throws random attempts at the state machine: by people who are wrong, unlinked, gone, voting for themselves,
 * late or repeating what they did, and writers who read an old version. A watchman who keeps his own books says what took
 * effect and must not have.
 */
export function fuzz(
  seed: number,
  steps: number,
  policy: ApprovalPolicy = DEFAULT_POLICY,
): FuzzReport {
  const report = {
    events: Object.fromEntries(
      APPROVAL_EVENTS.map((event) => [event, { taken: 0, refused: 0 }]),
    ) as Record<ApprovalEventKind, { taken: number; refused: number }>,
    refusals: new Map<string, number>(),
    complaints: [] as string[],
  };
  const dice = new Dice(seed);
  for (let done = 0; done < steps; done += STEPS_OF_A_TOWN) {
    fuzzTown(dice, Math.min(STEPS_OF_A_TOWN, steps - done), done, policy, report);
  }
  return report;
}

function fuzzTown(
  dice: Dice,
  steps: number,
  offset: number,
  policy: ApprovalPolicy,
  report: FuzzReport & { refusals: Map<string, number>; complaints: string[] },
): void {
  const town = makeTown(dice);
  const watchman = new Watchman({ asksForLogin: policy.stepUpFrom !== "never" });
  const stored: Approval[] = [];
  const older: Approval[] = [];
  const past: Move[] = [];
  const emergencies: { by: string; at: Date }[] = [];
  const told = new Set<string>();
  for (let step = 0; step < steps; step += 1) {
    live(town, dice);
    if (dice.chance(0.1)) {
      for (const complaint of lookWhatIsDue(stored, town, policy, told, watchman)) {
        report.complaints.push(`step ${offset + step}: ${complaint}`);
      }
    }
    if (stored.filter(({ state }) => !isFinal(state)).length < LIVE_PLANS) {
      watchman.newPlan(stored.length, newPlan(stored, town, dice));
    }
    const move =
      past.length > 0 && dice.chance(0.15) ? dice.pick(past) : newMove(stored, town, dice);
    past.push(move);
    // Two callers may have read the same version; only the first one's result is stored.
    const current = stored[move.id] as Approval;
    const read = dice.chance(0.1) ? (older[move.id] ?? current) : current;
    const event = eventOf(move, read, town, emergencies);
    const result = transition(read, event, factsOf(town, policy));
    if (!result.ok) {
      report.events[move.what].refused += 1;
      const { code } = result.refusal;
      report.refusals.set(code, (report.refusals.get(code) ?? 0) + 1);
      continue;
    }
    if (read.version !== current.version) {
      report.refusals.set("old version", (report.refusals.get("old version") ?? 0) + 1);
      continue;
    }
    older[move.id] = current;
    stored[move.id] = result.next;
    report.events[move.what].taken += 1;
    if (move.what === "break_glass") {
      emergencies.push({ by: move.who?.name ?? "", at: new Date(town.now) });
    }
    const complaint = watchman.complain(move.id, move, result.next.state, town);
    if (complaint !== undefined) report.complaints.push(`step ${offset + step}: ${complaint}`);
  }
}

/** Does what fell due as a worker does: each thing once, by its key. */
function lookWhatIsDue(
  stored: readonly Approval[],
  town: Town,
  policy: ApprovalPolicy,
  told: Set<string>,
  watchman: Watchman,
): readonly string[] {
  return stored.flatMap((approval, id) =>
    newestDue(approval, policy, new Date(town.now)).flatMap(({ what, at }) => {
      const key = `${id} ${what} ${at.toISOString()}`;
      if (told.has(key) || what === "deadline") return [];
      told.add(key);
      return watchman.hears(id, what, town) ?? [];
    }),
  );
}

function newPlan(stored: Approval[], town: Town, dice: Dice) {
  const hash = Array.from({ length: 64 }, () => dice.whole(0, 15).toString(16)).join("");
  const risk = dice.whole(1, 4) as RiskClass;
  const editor = dice.pick(town.people).name;
  const loser = dice.chance(0.2) ? dice.pick(town.people).name : undefined;
  const plannedAt = new Date(town.now);
  const concerned = loser === undefined ? undefined : [loser];
  stored.push(draftApproval({ hash, risk, plannedAt, editors: [editor], concerned }));
  return { hash, risk, made: town.now, editor, loser };
}

function newMove(stored: readonly Approval[], town: Town, dice: Dice): Move {
  const recent = stored.map((_, index) => index).slice(-12);
  const open = recent.filter((index) => !isFinal((stored[index] as Approval).state));
  const id = dice.pick(dice.chance(0.85) ? open : recent);
  const { state, hash, breakGlass, risk } = stored[id] as Approval;
  const likely = {
    draft: ["request"],
    pending: ["approve", "approve", "approve", "deny", "break_glass"],
    approved: ["start", "start", "start", "supersede", "drift"],
    executing: ["finish", "cancel", "acknowledge", "drift"],
  } as Record<string, ApprovalEventKind[]>;
  const isUnseen = breakGlass !== undefined && breakGlass.acknowledged === undefined;
  const some = isUnseen && dice.chance(0.3) ? (["acknowledge"] as const) : likely[state];
  const what = dice.pick(dice.chance(0.6) ? (some ?? APPROVAL_EVENTS) : APPROVAL_EVENTS);
  const other = stored[dice.whole(0, stored.length - 1)]?.hash ?? "";
  const shown = dice.chance(0.8) ? hash : dice.pick([other, "", hash.slice(0, 12)]);
  return {
    what,
    id,
    // Other work comes in between, or is over.
    risk: dice.chance(0.7) ? risk : (dice.whole(0, 4) as RiskClass),
    who: ["deadline", "supersede", "start", "drift", "finish"].includes(what)
      ? undefined
      : dice.pick(town.people),
    hash: what === "break_glass" ? shown.slice(0, dice.pick([7, 8, 64])) : shown,
    reason: dice.chance(0.9) ? "the node is about to fail" : dice.pick(["", "soon"]),
    ticket: dice.chance(0.9) ? "INC-7" : "",
    lease: dice.chance(0.8),
    now: dice.chance(0.3),
    incident: dice.chance(0.2) ? "INC-7" : undefined,
  };
}

function eventOf(
  { what, who, hash = "", reason = "", ticket = "", lease = false, now, incident, risk }: Move,
  { request }: Approval,
  town: Town,
  emergencies: readonly { readonly by: string; readonly at: Date }[],
): ApprovalEvent {
  const by = personOf(who ?? (town.people[0] as Inhabitant));
  const requester = town.people.find(({ name }) => name === request?.by);
  const events: { readonly [Kind in ApprovalEventKind]: ApprovalEvent & { kind: Kind } } = {
    request: { kind: "request", by, reason },
    approve: { kind: "approve", by, hash, found: { risk, why: "of what came in between" } },
    deny: { kind: "deny", by, reason },
    withdraw: { kind: "withdraw", by },
    deadline: { kind: "deadline" },
    supersede: { kind: "supersede", plan: "P-1" },
    start: { kind: "start", hasLease: lease, requester: requester && personOf(requester) },
    drift: { kind: "drift", difference: "moved" },
    finish: { kind: "finish", outcome: "succeeded" },
    cancel: { kind: "cancel", by, reason, incident, isNow: now },
    break_glass: {
      kind: "break_glass",
      by,
      reason,
      ticket,
      typedHash: hash,
      earlier: emergencies.filter((one) => one.by === by.id).map(({ at }) => at),
    },
    acknowledge: { kind: "acknowledge", by },
  };
  return events[what];
}

/** What a caller reads of somebody from the store. */
function personOf({ name, role, linked, active, lastLogin, kind }: Inhabitant): Person {
  const identity = kind === "terminal" ? "local" : linked && active ? "linked" : "unlinked";
  const rank = role === "admin" || role === "super_admin" ? role : "member";
  const steppedUpAt = new Date(lastLogin);
  return { id: name, name, identity, isPermitted: active && role !== "viewer", rank, steppedUpAt };
}

function factsOf(town: Town, policy: ApprovalPolicy): ApprovalFacts {
  return {
    now: new Date(town.now),
    policy,
    isFrozen: town.frozen,
    people: town.people
      .map(personOf)
      .filter(({ isPermitted, identity }) => isPermitted && identity === "linked"),
  };
}
