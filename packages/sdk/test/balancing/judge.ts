import type { ClusterSnapshot } from "@kappa4/connectors";
import type { Move, RebalanceOptions, RebalancePlan } from "../../src/balancing/index.ts";
import { Replay, type Standing } from "./replay.ts";

/** What comes of a plan when it is carried out, added up without the engine. */
export interface Verdict {
  readonly before: Standing;
  readonly after: Standing;
  /** Everything that is wrong with the plan, as sentences. */
  readonly problems: readonly string[];
  readonly isReached: boolean;
  /** Target reached, all rules hold, and nothing wrong on the way or at the end. */
  readonly hasFullMarks: boolean;
}

/** Replays a plan against its snapshot and lists everything that is wrong with it. */
export function judge(
  snapshot: ClusterSnapshot,
  plan: RebalancePlan,
  options: RebalanceOptions = {},
): readonly string[] {
  return assess(snapshot, plan, options).problems;
}

/**
 * Replays a plan against its snapshot. Shares no code with the engine but the reading of rules: loads are added
 * up from the guests at every step.
 */
export function assess(
  snapshot: ClusterSnapshot,
  plan: RebalancePlan,
  options: RebalanceOptions = {},
): Verdict {
  const { before, after, problems: onTheWay } = replayMoves(snapshot, plan.moves, options);
  const problems = [
    ...onTheWay,
    ...compare(before, after),
    ...needless(before, plan),
    ...formOf(plan),
    ...needlessRoom(snapshot, plan, options, after),
    ...(plan.mode === "used" &&
    plan.method === "memory" &&
    Math.abs(plan.after.spread - after.spread) > 1e-3
      ? [`predicted spread ${plan.after.spread}, replayed ${after.spread}`]
      : []),
    ...(plan.after.violations === after.violations ? [] : ["predicted violations differ"]),
  ];
  const isReached = reaches(after);
  const holds = isReached && after.violations === 0;
  return { before, after, problems, isReached, hasFullMarks: holds && problems.length === 0 };
}

/** Replays moves of any origin, without looking at the rest of a plan. */
export function replayMoves(
  snapshot: ClusterSnapshot,
  moves: RebalancePlan["moves"],
  options: RebalanceOptions = {},
): Pick<Verdict, "before" | "after" | "problems"> {
  const replay = new Replay(snapshot, options, moves);
  const before = replay.measure();
  const numbers = [...new Set(moves.map(({ wave }) => wave))];
  for (const number of numbers) replay.runWave(moves.filter(({ wave }) => wave === number));
  const isRising = numbers.every((number, index) => number === index);
  const problems = isRising ? replay.problems : [...replay.problems, "waves are not in order"];
  return { before, after: replay.measure(), problems };
}

function reaches(standing: Standing): boolean {
  return missedBy(standing) <= 1e-6;
}

/** By how many percentage points targets are missed, added up. */
function missedBy({ spread, target, cpuSpread, cpuTarget }: Standing): number {
  return Math.max(0, spread - target) + Math.max(0, cpuSpread - cpuTarget);
}

function compare(before: Standing, after: Standing): readonly string[] {
  const found: string[] = [];
  for (const [rule, count] of after.byRule) {
    if (count > (before.byRule.get(rule) ?? 0)) found.push(`rule ${rule} is newly broken`);
  }
  for (const [what, used] of after.overloads) {
    if (used > (before.overloads.get(what) ?? 0)) found.push(`new overload of ${what}`);
  }
  if (after.violations > before.violations) found.push("more violations than before");
  const worse = after.spread > Math.max(before.spread, before.target) + 1e-6;
  const relieved = after.overloads.size < before.overloads.size;
  const calmer = after.cpuSpread < before.cpuSpread;
  if (worse && after.violations === before.violations && !relieved && !calmer) {
    found.push("a larger spread than before for nothing");
  }
  return found;
}

/** Room that is said to be needed is needed: without the move the plan breaks a limit or a rule, or misses its target by more. */
function needlessRoom(
  snapshot: ClusterSnapshot,
  { moves }: RebalancePlan,
  options: RebalanceOptions,
  after: Standing,
): readonly string[] {
  const makesRoom = ({ reasons }: Move): boolean => reasons[0]?.code === "make-room";
  return moves.filter(makesRoom).flatMap((move) => {
    const others = moves.filter((other) => other !== move);
    const without = replayMoves(snapshot, others, options);
    const isNeeded =
      without.problems.length > 0 ||
      missedBy(without.after) > missedBy(after) + 1e-6 ||
      without.after.violations > after.violations ||
      without.after.overloads.size > after.overloads.size;
    return isNeeded ? [] : [`${move.name} makes room that nobody needs`];
  });
}

/** Where all is well nothing moves, unless a wish or a stopped guest asks for it. */
function needless(before: Standing, { moves }: RebalancePlan): readonly string[] {
  const isWell = reaches(before) && before.violations === 0 && before.overloads.size === 0;
  const wishes = ["prefer-node", "drain-maintenance", "make-room"];
  const idle = moves.filter(({ reasons }) => !reasons.some(({ code }) => wishes.includes(code)));
  const isAsked = idle.length < moves.length;
  return isWell && !isAsked && idle.length > 0
    ? [`${idle.length} moves where nothing needs doing`]
    : [];
}

/** Every move has a reason with figures and a sentence; every blocked guest and conflict a sentence. */
function formOf(plan: RebalancePlan): readonly string[] {
  const found: string[] = [];
  for (const { name, reasons } of plan.moves) {
    if (reasons.length === 0) found.push(`${name} moves without a reason`);
    for (const { from, to, message } of reasons) {
      const figures = [from.before, from.after, to.before, to.after];
      if (!figures.every(Number.isFinite)) found.push(`${name} has no figures`);
      if (message.length < 5) found.push(`${name} has no sentence`);
    }
  }
  for (const { message } of [...plan.blocked, ...plan.conflicts]) {
    if (!message.endsWith(".")) found.push(`no sentence: ${message}`);
  }
  const guests = plan.blocked.map(({ guest }) => guest);
  if (new Set(guests).size !== guests.length) found.push("a guest is blocked twice");
  for (const { name } of plan.moves.filter(({ guest }) => guests.includes(guest))) {
    found.push(`${name} moves and is said to be blocked`);
  }
  return found;
}
