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
/** Beyond this, three of five steps are saved: a large cluster has many equally good placements. */
const MANY_STEPS = 1_000_000;

/** Two costs closer than this are the same: a thousandth of a second. */
const SAME = 1e-3;

/** How hot a walk starts, in usual moves, for a cluster of one node; it falls with the root of the nodes. */
const HEAT = 0.6;
const MOST_HEAT = 0.4;
/** Rules need more, as a bundle is dear and meets others, and several targets: the first placement serves one after the other. */
const RULES_HEAT = 1.5;
const LEAST_RULES_HEAT = 0.15;
const TARGETS_HEAT = 0.2;

/**
 * The walks: two cooler and cooler ones, then, where a rule is still broken or a target missed, others with more
 * weight on that, hot ones at last. `part` of the steps, `heat` as a part of the first walk's.
 */
const WALKS = [
  { part: 0.5, heat: 1 },
  { part: 0.5, heat: 0.4 },
] as const;
const COOL_MENDING = { part: 0.5, heat: 1, insistence: 8 } as const;
/** The same with `heat` in usual moves. */
const HOT_MENDING = [
  { part: 1, heat: 1.2, insistence: 8 },
  { part: 1, heat: 1.2, insistence: 64 },
] as const;

/**
 * Finds a placement that reaches the goal at little cost. The one door to the search: what is behind it can be
 * replaced. More effort means further searches, each twice as long as the one before, of which the best counts: so
 * more never gives a worse placement.
 */
export function search(problem: Problem): Placement {
  const { effort } = problem.model.settings;
  let best = searchOnce(problem, Math.min(1, effort));
  let left = effort - 1;
  for (let part = 2; part <= left; part *= 2) {
    if (isDone(best) && best.cost === 0) break;
    const found = searchOnce(problem, part);
    if (isBetter(found, best)) best = found;
    left -= part;
  }
  return best;
}

function searchOnce(problem: Problem, part: number): Placement {
  const placement = start(problem);
  if (isDone(placement) && placement.cost === 0) return placement;
  const steps = part * stepsFor(placement);
  const heat = heatFor(problem);
  const go = (share: number, warmth: number, insistence: number): void =>
    walk(placement, { steps: Math.floor(share * steps), heat: warmth, insistence });
  for (const walked of WALKS) go(walked.part, walked.heat * heat, 1);
  const { part: mended, heat: cool, insistence: mild } = COOL_MENDING;
  if (!isDone(placement)) go(mended, cool * heat, mild);
  for (const mending of HOT_MENDING) {
    if (isDone(placement)) break;
    go(mending.part, mending.heat, mending.insistence);
  }
  if (placement.loads.gapSeconds() > 0) {
    return approach(placement, Math.floor(steps / 2));
  }
  evenOut(placement);
  return placement;
}

/** A large cluster needs little heat: what a hot walk spoils in one corner is not found again in the steps there are. */
function heatFor({ groups, model, units, width }: Problem): number {
  const root = Math.sqrt(model.nodes.length);
  const heat = Math.min(MOST_HEAT, HEAT / root);
  const targets = width.filter((part) => part >= 0).length;
  if (targets > 1) return Math.max(heat, TARGETS_HEAT);
  const hasRules = groups.length > 0 || units.all.some(({ members }) => members.length > 1);
  return hasRules ? Math.max(LEAST_RULES_HEAT, RULES_HEAT / root) : heat;
}

function stepsFor({ moved, problem }: Placement): number {
  const wanted = STEPS_PER_UNIT * problem.units.all.length + STEPS_PER_MOVE * moved.size;
  const saved = Math.max(0, wanted - MANY_STEPS) * (3 / 5);
  return Math.max(LEAST_STEPS, wanted - saved);
}

function isDone({ broken, loads }: Placement): boolean {
  return broken === 0 && loads.gapSeconds() === 0;
}

function isBetter(a: Placement, b: Placement): boolean {
  const [overA, overB] = [a.loads.overSeconds(), b.loads.overSeconds()];
  if (overA !== overB) return overA < overB;
  if (a.broken !== b.broken) return a.broken < b.broken;
  const [gapA, gapB] = [a.loads.gapSeconds(), b.loads.gapSeconds()];
  return Math.abs(gapA - gapB) > SAME ? gapA < gapB : a.cost < b.cost - SAME;
}
