import { amountsOf, loadsOf, spreadOf } from "./measure.ts";
import type { Model } from "./model.ts";
import { planOffline } from "./offline.ts";
import { schedule } from "./order.ts";
import { Placement } from "./placement.ts";
import { buildProblem, type Goal, type Problem, withHelpers } from "./problem.ts";
import type { Resource } from "./resources.ts";
import { type Settlement, settle } from "./settle.ts";
import type { Transfer } from "./traffic.ts";
import { brokenRules, countViolations } from "./violations.ts";

/** Where the target cannot be reached, moves must bring the loads closer by this part at least to be worth it. */
const LEAST_GAIN = 0.05;

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
  /** Whether levelling was asked for and is not suppressed by the threshold. */
  readonly levels: boolean;
  /** The search's end state, with which questions about other places can be answered. */
  readonly placement: Placement;
}

/** How good a placement is: what comes first counts more. Less is better. */
export interface Merit {
  readonly violations: number;
  readonly overload: number;
  /** Excess of the spreads over their targets, as a fraction. */
  readonly excess: number;
  readonly wishes: number;
  /** Sum of squares of what the loads differ from their mean. */
  readonly unevenness: number;
}

/** Decides what a cluster needs, searches for it, and finds a safe way there. */
export function findOutcome(model: Model): Outcome {
  const levels = isLevelling(model);
  const before = meritOf(model, model.home);
  const goal = goalOf(model, levels, levels && before.excess > 0);
  const { transfers, left } = planOffline(model);
  const problem = buildProblem(model, goal);
  const found = settleWithHelp(problem, goal, transfers);
  const better = isBetter(meritOf(model, found.at), before);
  const { placement, waves, stranded, at } = better ? found : onlyOffline(found, transfers);
  return {
    model,
    waves,
    at,
    stranded: new Set([...stranded].flatMap((u) => placement.problem.units.all[u]?.members ?? [])),
    stoppedLeft: left,
    levels,
    placement,
  };
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
function onlyOffline(found: Settlement, transfers: readonly Transfer[]): Settlement {
  const placement = new Placement(found.placement.problem);
  const { waves } = schedule(placement, transfers);
  const at = placement.problem.model.home.slice();
  for (const { guest, to } of waves.flat()) at[guest] = to;
  return { placement, waves, at, stranded: found.stranded };
}

/** Whether load is to be levelled at all: asked for, and some node is above the threshold. */
function isLevelling(model: Model): boolean {
  const { settings, resources } = model;
  if (settings.goal === "rules" || resources.pressureMissing) return false;
  const loads = loadsOf(resources.level, model, model.home);
  return loads.some((load, n) => model.active[n] === 1 && load >= settings.threshold);
}

/** The targets, by resource: allowed spread as a fraction. */
export function targetsOf(model: Model): ReadonlyMap<Resource, number> {
  const { settings, resources } = model;
  const targets = new Map([[resources.level, settings.balanciness / 100]]);
  if (settings.cpuBalanciness !== null) {
    const both = Math.min(settings.cpuBalanciness / 100, targets.get(resources.cpu) ?? 100);
    targets.set(resources.cpu, both);
  }
  return targets;
}

/** Without levelling the spread is only kept from growing. */
function goalOf(model: Model, levels: boolean, triggered: boolean): Goal {
  const widths = new Map<Resource, number>();
  for (const [resource, target] of targetsOf(model)) {
    const now = spreadOf(model, loadsOf(resource, model, model.home));
    const aimed = triggered ? target * model.settings.aim : target;
    widths.set(resource, levels ? aimed : Math.max(now, target));
  }
  return { widths, levels };
}

/** Weighs a placement. */
function meritOf(model: Model, at: Int32Array): Merit {
  let overload = 0;
  for (const resource of model.resources.all) {
    amountsOf(resource, model, at).forEach((amount, n) => {
      const limit = resource.limit[n] ?? 0;
      if (amount > limit && model.active[n] === 1)
        overload += (amount - limit) / (resource.capacity[n] ?? 1);
    });
  }
  let excess = 0;
  let unevenness = 0;
  for (const [resource, target] of targetsOf(model)) {
    const loads = loadsOf(resource, model, at);
    excess += Math.max(0, spreadOf(model, loads) - target);
    unevenness += variation(loads.filter((_, n) => model.active[n] === 1));
  }
  let wishes = 0;
  for (const { rule, guests } of brokenRules(model, at)) {
    if (!rule.hard && rule.kind !== "pin") wishes += guests.length;
  }
  for (const [g, { unwished }] of model.pins) {
    if (model.counts[g] === 1) wishes += unwished?.[at[g] ?? -1] ?? 0;
  }
  return {
    violations: countViolations(model, at),
    overload,
    wishes,
    excess: excess < 1e-9 ? 0 : excess,
    unevenness,
  };
}

function isBetter(a: Merit, b: Merit): boolean {
  if (a.violations !== b.violations) return a.violations < b.violations;
  if (Math.abs(a.overload - b.overload) > 1e-9) return a.overload < b.overload;
  if (a.excess > b.excess + 1e-9) return false;
  if (a.excess < b.excess * (1 - LEAST_GAIN)) return true;
  if (a.wishes !== b.wishes) return a.wishes < b.wishes;
  return b.excess > 0 && a.unevenness < b.unevenness * (1 - LEAST_GAIN);
}

function variation(loads: Float64Array): number {
  const mean = loads.reduce((sum, load) => sum + load, 0) / Math.max(1, loads.length);
  return loads.reduce((sum, load) => sum + (load - mean) ** 2, 0);
}
