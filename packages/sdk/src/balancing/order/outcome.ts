import { loadsOf, spreadOf } from "../measure.ts";
import type { Model } from "../model/model.ts";
import { planOffline } from "../model/offline.ts";
import type { Resource } from "../model/resources.ts";
import { countViolations } from "../rules/violations.ts";
import { isBetter, meritOf, overloadOf, unfollowedWishes } from "../search/merit.ts";
import { Placement } from "../search/placement.ts";
import { buildProblem, type Goal, type Problem, withHelpers } from "../search/problem.ts";
import { hasQuiet } from "../search/quiet.ts";
import { excessOf, readTargets, type Targets } from "../search/targets.ts";
import { exceededAllowance, keepToAllowance } from "./allowance.ts";
import { schedule } from "./order.ts";
import { settle } from "./settle.ts";
import { reachesGoals, type Settlement } from "./settlement.ts";
import type { Transfer } from "./traffic.ts";

/** Added to a spread that is to be kept: windows are looked for in steps of a thousandth. */
const SLACK = 0.002;

/** What planning came to, in numbers; the reports are made from it. */
export interface Outcome {
  readonly model: Model;
  readonly waves: readonly (readonly Transfer[])[];
  /** By guest: its node in the end. */
  readonly at: Int32Array;
  /** Guests that should have moved and found no safe way. */
  readonly stranded: ReadonlySet<number>;
  /** Stopped guests of draining nodes that have nowhere to go. */
  readonly stoppedLeft: readonly number[];
  readonly targets: Targets;
  /** Whether levelling was asked for and is not suppressed by a threshold. */
  readonly levels: boolean;
  /** The allowance that kept the plan from levelling further, in words. */
  readonly usedUp?: string | undefined;
  /** With `usedUp`: wishes that would not be followed without the allowance either. */
  readonly wishesApart?: number | undefined;
  /** Set where the nodes could be brought closer, and by too little for the moves that it takes. */
  readonly isTooLittle?: boolean | undefined;
  /** Set where it was chosen for what it leaves free in case a node fails. */
  readonly covers?: boolean | undefined;
  /** The search's end state, with which questions about other places can be answered. */
  readonly placement: Placement;
}

/** A settlement, and what was left out of it. */
interface Found extends Settlement {
  readonly usedUp?: string | undefined;
  readonly wishesApart?: number | undefined;
  readonly isTooLittle?: boolean | undefined;
}

/** Decides what a cluster needs, searches for it, and finds a safe way there. */
export function findOutcome(model: Model): Outcome {
  const targets = readTargets(model);
  const { transfers, left } = planOffline(model);
  const found = findBest(model, targets, transfers);
  const { placement, waves, stranded, at, usedUp, wishesApart, isTooLittle } = found;
  return {
    model,
    waves,
    at,
    stranded: new Set([...stranded].flatMap((u) => placement.problem.units.all[u]?.members ?? [])),
    stoppedLeft: left,
    targets,
    levels: targets.wanted.size > 0,
    usedUp,
    wishesApart,
    isTooLittle,
    placement,
  };
}

/** Guests that were moved recently, or are where they wish, are disturbed only where a rule, a drain or a limit needs it. */
function findBest(model: Model, targets: Targets, offline: readonly Transfer[]): Found {
  const before = meritOf(model, targets, model.home);
  const calm = findOne(model, targets, offline, false);
  const merit = meritOf(model, targets, calm.at);
  const isShort = merit.violations > 0 || merit.overload > 0;
  if (isShort && hasQuiet(model)) {
    const disturbing = findOne(model, targets, offline, true);
    const other = meritOf(model, targets, disturbing.at);
    const repairs =
      other.violations < merit.violations ||
      (other.violations === merit.violations && other.overload < merit.overload - 1e-9);
    if (repairs && isBetter(model, targets, other, before, disturbing.usedUp !== undefined))
      return disturbing;
  }
  if (isBetter(model, targets, merit, before, calm.usedUp !== undefined)) return calm;
  return { ...onlyOffline(calm, offline), isTooLittle: merit.excess < before.excess };
}

function findOne(
  model: Model,
  targets: Targets,
  offline: readonly Transfer[],
  disturbs: boolean,
): Found {
  const { aim } = model.settings;
  const isTriggered = excessOf(model, targets.wanted, model.home) > 0;
  const plan = (part: number): Settlement => {
    const goal = goalOf(model, targets, part, disturbs);
    return settleWithHelp(buildProblem(model, goal), goal, offline);
  };
  if (aim === 1) return allowed(plan(1), targets, offline);
  if (!isTriggered) {
    const plain = plan(1);
    if (!strays(model, targets, plain)) return allowed(plain, targets, offline);
    const aimed = plan(aim);
    const isWorthIt = reachesGoals(aimed.placement) && detoursOf(aimed) <= detoursOf(plain);
    return allowed(isWorthIt ? aimed : plain, targets, offline);
  }
  const aimed = plan(aim);
  if (reachesGoals(aimed.placement)) return allowed(aimed, targets, offline);
  // Coming closer to an aim that cannot be reached may take any number of moves: then the target has to do.
  const plain = plan(1);
  return allowed(reachesGoals(plain.placement) ? plain : aimed, targets, offline);
}

/** Whether moves that are made for other reasons bring the cluster closer to its targets than it would be levelled to. */
function strays(model: Model, targets: Targets, { waves, at }: Settlement): boolean {
  return waves.length > 0 && excessOf(model, aimedAt(model, targets, model.settings.aim), at) > 0;
}

/** Leaves levelling and wishes out that are more than allowed. */
function allowed(found: Settlement, targets: Targets, offline: readonly Transfer[]): Found {
  const { problem } = found.placement;
  const { model } = problem;
  const usedUp = exceededAllowance(problem, found.waves);
  if (usedUp === undefined) return found;
  const waiting = { wanted: new Map(), waiting: allOf(targets) };
  const goal = { ...goalOf(model, waiting, 1, problem.disturbs), follows: false };
  const repairs = settleWithHelp(buildProblem(model, goal), goal, offline);
  const [bySecond = repairs, byMove = repairs] = keepToAllowance(problem, repairs, offline);
  const excess = ({ at }: Settlement): number => excessOf(model, targets.wanted, at);
  const wishes = ({ at }: Settlement): number => unfollowedWishes(model, at);
  const closer = excess(bySecond) - excess(byMove);
  const isCloser = closer > 1e-9 || (closer > -1e-9 && wishes(byMove) < wishes(bySecond));
  return { ...(isCloser ? byMove : bySecond), usedUp, wishesApart: wishes(found) };
}

/** Without levelling, others move only where a rule or a drain needs their room. */
function settleWithHelp(problem: Problem, goal: Goal, transfers: readonly Transfer[]): Settlement {
  const alone = settle(problem, transfers);
  const { model } = problem;
  const left = countViolations(model, alone.at);
  if (goal.levels || left === 0) return alone;
  const helped = settle(withHelpers(problem), transfers);
  return countViolations(model, helped.at) < left ? helped : alone;
}

/** Running guests stay: what was found would not make the cluster better. */
function onlyOffline(found: Found, transfers: readonly Transfer[]): Found {
  const placement = new Placement(found.placement.problem);
  const { waves } = schedule(placement, transfers);
  const at = placement.problem.model.home.slice();
  for (const { guest, to } of waves.flat()) at[guest] = to;
  return { ...found, placement, waves, at };
}

/** What waits is only kept from growing; `part` of what is wanted is aimed at. */
function goalOf(model: Model, targets: Targets, part: number, disturbs: boolean): Goal {
  const widths = new Map<Resource, number>();
  for (const [resource, width] of aimedAt(model, targets, part)) widths.set(resource, width);
  for (const [resource, width] of targets.waiting) {
    const now = spreadOf(model, loadsOf(resource, model, model.home));
    widths.set(resource, Math.max(now, width));
  }
  // Limits count more than targets: what is over one comes down, whether or not anything is levelled.
  const relieves = model.settings.goal === "all" && overloadOf(model, model.home) > 0;
  return { widths, levels: targets.wanted.size > 0, relieves, disturbs };
}

/** How often a guest moves that has moved already. */
function detoursOf({ waves }: Settlement): number {
  const transfers = waves.flat();
  return transfers.length - new Set(transfers.map(({ guest }) => guest)).size;
}

/** The part of each target that is aimed at: where it is reached already, nothing has to become better. */
function aimedAt(model: Model, targets: Targets, part: number): ReadonlyMap<Resource, number> {
  const widths = new Map<Resource, number>();
  for (const [resource, width] of targets.wanted) {
    const now = spreadOf(model, loadsOf(resource, model, model.home));
    widths.set(
      resource,
      now > width ? width * part : Math.min(width, Math.max(width * part, now + SLACK)),
    );
  }
  return widths;
}

function allOf({ wanted, waiting }: Targets): ReadonlyMap<Resource, number> {
  return new Map([...wanted, ...waiting]);
}
