import { loadsOf, spreadOf } from "../measure.ts";
import type { Model } from "../model/model.ts";
import type { Resource } from "../model/resources.ts";

/** What is levelled, and what is only kept from growing. */
export interface Targets {
  /** By resource: allowed difference of the nodes as a fraction. Empty when nothing is to be levelled. */
  readonly wanted: ReadonlyMap<Resource, number>;
  /** Targets that wait for their threshold, or all of them when only rules are to be repaired. */
  readonly waiting: ReadonlyMap<Resource, number>;
}

/** Sorts the targets of a model into those that count now and those that wait. */
export function readTargets(model: Model): Targets {
  const wanted = new Map<Resource, number>();
  const waiting = new Map<Resource, number>();
  for (const [resource, { width, threshold }] of allTargets(model)) {
    const isWanted = mayLevel(model) && reaches(model, resource, threshold);
    (isWanted ? wanted : waiting).set(resource, width);
  }
  return { wanted, waiting };
}

/** How far the spreads of a placement are over their targets, added up, as a fraction; 0 when all are reached. */
export function excessOf(
  model: Model,
  targets: ReadonlyMap<Resource, number>,
  at: Int32Array,
): number {
  let excess = 0;
  for (const [resource, width] of targets) {
    excess += Math.max(0, spreadOf(model, loadsOf(resource, model, at)) - width);
  }
  return excess < 1e-9 ? 0 : excess;
}

interface Target {
  readonly width: number;
  readonly threshold: number;
}

function allTargets({ resources, settings }: Model): ReadonlyMap<Resource, Target> {
  const { balanciness, threshold, thresholds } = settings;
  const all = new Map<Resource, Target>([
    [resources.level, { width: balanciness / 100, threshold }],
  ]);
  for (const [method, points] of settings.targets) {
    const resource = resources[method];
    const known = all.get(resource);
    all.set(resource, {
      width: Math.min(points / 100, known?.width ?? 100),
      threshold: thresholds[method] ?? known?.threshold ?? 0,
    });
  }
  return all;
}

function mayLevel({ settings, resources }: Model): boolean {
  return settings.goal === "all" && !resources.pressureMissing;
}

/** Whether some node is at the threshold or above it. */
function reaches(model: Model, resource: Resource, threshold: number): boolean {
  const loads = loadsOf(resource, model, model.home);
  return loads.some((load, n) => model.active[n] === 1 && load >= threshold);
}
