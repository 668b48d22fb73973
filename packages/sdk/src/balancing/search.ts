import { construct } from "./construct.ts";
import type { Model } from "./model.ts";
import { Placement } from "./placement.ts";
import { buildProblem, type Goal } from "./problem.ts";
import { walk } from "./walk.ts";
import { cheapestEdges, setWindows } from "./windows.ts";

/** Steps of the walk for each unit. */
const STEPS_PER_UNIT = 1000;

/** Finds a placement that reaches the goal at little cost. The one door to the search: what is behind it can be replaced. */
export function search(model: Model, goal: Goal): Placement {
  const problem = buildProblem(model, goal);
  const placement = new Placement(problem);
  setWindows(placement, cheapestEdges(problem));
  construct(placement);
  const idle = placement.movedCount + placement.homeless + placement.crowds.broken === 0;
  if (idle && placement.loads.gapSeconds() === 0) return placement;
  const steps = Math.floor(model.settings.effort * STEPS_PER_UNIT * problem.units.all.length);
  walk(placement, { steps, heat: 6 });
  return placement;
}
