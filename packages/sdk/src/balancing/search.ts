import { construct } from "./construct.ts";
import type { Model } from "./model.ts";
import { Placement } from "./placement.ts";
import { buildProblem, type Goal } from "./problem.ts";
import { walk } from "./walk.ts";
import { cheapestEdges, setWindows } from "./windows.ts";

/** Steps of the walk for each unit that the first placement moves. */
const STEPS_PER_MOVE = 4000;

/** Finds a placement that reaches the goal at little cost. The one door to the search: what is behind it can be replaced. */
export function search(model: Model, goal: Goal): Placement {
  const problem = buildProblem(model, goal);
  const placement = new Placement(problem);
  setWindows(placement, cheapestEdges(problem));
  construct(placement);
  const steps = Math.floor(model.settings.effort * STEPS_PER_MOVE * placement.movedCount);
  walk(placement, { steps, heat: 6 });
  return placement;
}
