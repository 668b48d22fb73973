import { construct } from "./construct.ts";
import { evenOut } from "./even-out.ts";
import { Placement } from "./placement.ts";
import type { Problem } from "./problem.ts";
import { approach } from "./relax.ts";
import { walk } from "./walk.ts";
import { cheapestEdges, setWindows } from "./windows.ts";

/** Steps of the walk: for each unit, for each unit that the first placement moves, and at least. */
const STEPS_PER_UNIT = 150;
const STEPS_PER_MOVE = 10_000;
const LEAST_STEPS = 50_000;
/** Beyond this, every second step is saved: a large cluster has many equally good placements. */
const MANY_STEPS = 1_000_000;

/**
 * The walks: two cooler and cooler ones, then, where a rule is still broken or a target missed, hotter ones
 * with more weight on that. `part` of the steps, `heat` in usual moves.
 */
const WALKS = [
  { part: 0.5, heat: 0.4, insistence: 1 },
  { part: 0.5, heat: 0.2, insistence: 1 },
  { part: 1, heat: 1.2, insistence: 8 },
  { part: 1, heat: 1.2, insistence: 64 },
] as const;

/** Finds a placement that reaches the goal at little cost. The one door to the search: what is behind it can be replaced. */
export function search(problem: Problem): Placement {
  const placement = new Placement(problem);
  setWindows(placement, cheapestEdges(problem));
  construct(placement);
  if (isDone(placement) && placement.cost === 0) return placement;
  const steps = stepsFor(placement);
  for (const { part, heat, insistence } of WALKS) {
    if (insistence > 1 && isDone(placement)) break;
    walk(placement, { steps: Math.floor(part * steps), heat, insistence });
  }
  if (placement.loads.gapSeconds() > 0) {
    return approach(placement, Math.floor(steps / 2));
  }
  evenOut(placement);
  return placement;
}

function stepsFor({ moved, problem }: Placement): number {
  const wanted = STEPS_PER_UNIT * problem.units.all.length + STEPS_PER_MOVE * moved.size;
  const saved = Math.max(0, wanted - MANY_STEPS) / 2;
  return problem.model.settings.effort * Math.max(LEAST_STEPS, wanted - saved);
}

function isDone({ broken, loads }: Placement): boolean {
  return broken === 0 && loads.gapSeconds() === 0;
}
