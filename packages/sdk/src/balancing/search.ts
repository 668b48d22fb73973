import { construct } from "./construct.ts";
import type { Model } from "./model.ts";
import { Placement } from "./placement.ts";
import { buildProblem, type Goal } from "./problem.ts";
import { walk } from "./walk.ts";
import { cheapestEdges, setWindows } from "./windows.ts";

/** Steps of the walk for each unit. */
const STEPS_PER_UNIT = 1000;

/** A walk that leaves a rule broken or a target missed is repeated with these weights on them. */
const INSISTENCE = [1, 8, 64] as const;

/** Finds a placement that reaches the goal at little cost. The one door to the search: what is behind it can be replaced. */
export function search(model: Model, goal: Goal): Placement {
  const problem = buildProblem(model, goal);
  const placement = new Placement(problem);
  setWindows(placement, cheapestEdges(problem));
  construct(placement);
  if (isDone(placement) && placement.moved.size === 0) return placement;
  const steps = Math.floor(model.settings.effort * STEPS_PER_UNIT * problem.units.all.length);
  for (const insistence of INSISTENCE) {
    walk(placement, steps, insistence);
    if (isDone(placement)) break;
  }
  return placement;
}

function isDone({ broken, loads }: Placement): boolean {
  return broken === 0 && loads.gapSeconds() === 0;
}
