import { evenOut } from "./even-out.ts";
import type { Placement } from "./placement.ts";
import type { Problem } from "./problem.ts";
import { approach } from "./relax.ts";
import { start } from "./start.ts";
import { walk } from "./walk.ts";

/** Steps of the walk: for each unit, for each unit that the first placement moves, and at least. */
const STEPS_PER_UNIT = 150;
const STEPS_PER_MOVE = 10_000;
const LEAST_STEPS = 50_000;
/** Beyond this, two of three steps are saved: a large cluster has many equally good placements. */
const MANY_STEPS = 1_000_000;

/** How hot a walk starts, in usual moves, for a cluster of one node; it falls with the root of the nodes. */
const HEAT = 0.6;
const MOST_HEAT = 0.4;
/** Rules and several targets at once need more than the first placement gives: it serves one after the other. */
const TANGLED_HEAT = 0.2;

/**
 * The walks: two cooler and cooler ones, then, where a rule is still broken or a target missed, hotter ones
 * with more weight on that. `part` of the steps, `heat` as a part of the first one's, or in usual moves.
 */
const WALKS = [
  { part: 0.5, heat: 1 },
  { part: 0.5, heat: 0.4 },
] as const;
const MENDING_WALKS = [
  { part: 1, heat: 1.2, insistence: 8 },
  { part: 1, heat: 1.2, insistence: 64 },
] as const;

/** Finds a placement that reaches the goal at little cost. The one door to the search: what is behind it can be replaced. */
export function search(problem: Problem): Placement {
  const placement = start(problem);
  if (isDone(placement) && placement.cost === 0) return placement;
  const steps = stepsFor(placement);
  const heat = heatFor(problem);
  for (const { part, heat: share } of WALKS) {
    walk(placement, { steps: Math.floor(part * steps), heat: heat * share, insistence: 1 });
  }
  for (const { part, heat: mending, insistence } of MENDING_WALKS) {
    if (isDone(placement)) break;
    walk(placement, { steps: Math.floor(part * steps), heat: mending, insistence });
  }
  if (placement.loads.gapSeconds() > 0) {
    return approach(placement, Math.floor(steps / 2));
  }
  evenOut(placement);
  return placement;
}

/** A large cluster needs little heat: what a hot walk spoils in one corner is not found again in the steps there are. */
function heatFor({ groups, model, units, width }: Problem): number {
  const heat = Math.min(MOST_HEAT, HEAT / Math.sqrt(model.nodes.length));
  const targets = width.filter((part) => part >= 0).length;
  const hasBundles = units.all.some(({ members }) => members.length > 1);
  const isTangled = targets > 1 || groups.length > 0 || hasBundles;
  return isTangled ? Math.max(heat, TANGLED_HEAT) : heat;
}

function stepsFor({ moved, problem }: Placement): number {
  const wanted = STEPS_PER_UNIT * problem.units.all.length + STEPS_PER_MOVE * moved.size;
  const saved = Math.max(0, wanted - MANY_STEPS) * (2 / 3);
  return problem.model.settings.effort * Math.max(LEAST_STEPS, wanted - saved);
}

function isDone({ broken, loads }: Placement): boolean {
  return broken === 0 && loads.gapSeconds() === 0;
}
