import { amountsOf, loadsOf } from "../measure.ts";
import type { Model } from "../model/model.ts";
import { brokenRules, countViolations } from "../rules/violations.ts";
import { excessOf, type Targets } from "./targets.ts";

/** Where the target cannot be reached, moves must bring the loads closer by this part at least to be worth it. */
const LEAST_GAIN = 0.05;

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

/** Weighs a placement. */
export function meritOf(model: Model, targets: Targets, at: Int32Array): Merit {
  let unevenness = 0;
  const all = new Map([...targets.wanted, ...targets.waiting]);
  for (const resource of all.keys()) {
    const loads = loadsOf(resource, model, at);
    unevenness += variation(loads.filter((_, n) => model.active[n] === 1));
  }
  return {
    violations: countViolations(model, at),
    overload: overloadOf(model, at),
    excess: excessOf(model, all, at),
    wishes: unfollowedWishes(model, at),
    unevenness,
  };
}

/**
 * Whether a placement is so much better than another one that moves to it are worth it. A part of the way, which
 * an allowance ends, only has to lead in the right direction.
 */
export function isBetter(
  model: Model,
  targets: Targets,
  a: Merit,
  b: Merit,
  isPart: boolean,
): boolean {
  if (a.violations !== b.violations) return a.violations < b.violations;
  if (Math.abs(a.overload - b.overload) > 1e-9) return a.overload < b.overload;
  if (a.excess > b.excess + 1e-9) return false;
  if (a.excess === 0 && b.excess > 0) return true;
  if (isPart) {
    const follows = a.wishes < b.wishes;
    return a.excess < b.excess - 1e-9 || follows || a.unevenness < b.unevenness - 1e-12;
  }
  if (b.excess - a.excess > leastGain(model, targets, b)) return true;
  if (a.wishes !== b.wishes) return a.wishes < b.wishes;
  if (model.settings.history !== undefined) return false;
  return b.excess > 0 && a.unevenness < b.unevenness * (1 - LEAST_GAIN);
}

/**
 * A plan that is made again and again must not follow every fluctuation of a cluster that cannot be levelled:
 * what it gains must be as much as it would go below a target that can be reached.
 */
function leastGain({ settings }: Model, targets: Targets, before: Merit): number {
  if (settings.history === undefined) return before.excess * LEAST_GAIN;
  const widths = [...targets.wanted.values()].reduce((sum, width) => sum + width, 0);
  return Math.max(before.excess * LEAST_GAIN, (1 - settings.aim) * widths);
}

/** How far the active nodes are over their limits, added up, each as a fraction of what the node has. */
export function overloadOf(model: Model, at: Int32Array): number {
  let overload = 0;
  for (const resource of model.resources.all) {
    amountsOf(resource, model, at).forEach((amount, n) => {
      const limit = resource.limit[n] ?? 0;
      if (amount > limit && model.active[n] === 1)
        overload += (amount - limit) / (resource.capacity[n] ?? 1);
    });
  }
  return overload;
}

/** How many wishes a placement does not follow; a lower class of a rule with priorities counts half. */
export function unfollowedWishes(model: Model, at: Int32Array): number {
  let wishes = 0;
  for (const { rule, guests } of brokenRules(model, at)) {
    if (!rule.hard && rule.kind !== "pin") wishes += guests.length;
  }
  for (const [g, { unwished }] of model.pins) {
    if (model.counts[g] === 1) wishes += unwished?.[at[g] ?? -1] ?? 0;
  }
  return wishes;
}

function variation(loads: Float64Array): number {
  const mean = loads.reduce((sum, load) => sum + load, 0) / Math.max(1, loads.length);
  return loads.reduce((sum, load) => sum + (load - mean) * (load - mean), 0);
}
