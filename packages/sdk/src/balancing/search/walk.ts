import { forceHomeless } from "./construct.ts";
import { level } from "./level.ts";
import type { Placement } from "./placement.ts";
import { Sequence } from "./sequence.ts";
import { Standing } from "./standing.ts";
import { Steps } from "./steps.ts";
import { fittingEdge, fitWindows, moveWindow, windowEdges } from "./windows.ts";

/** How often the windows drift, in steps for so many nodes, and how far, as a part of their width. */
const DRIFT_EVERY = 128;
const DRIFT_NODES = 40;
const DRIFT = 0.1;
/** How often a drifting window goes right to where the loads are. */
const FITTING = 0.2;
/** Load outside of the windows weighs this much more at the end than in the beginning. */
const URGENCY = 4;

/** In larger clusters no guest is large enough for the windows to follow it. */
const LEAP_NODES = 16;

/** How many nodes are looked at together, and for how many steps; all of them in clusters up to twice as large. */
const FOCUS_NODES = 8;
const FOCUS_STEPS = 2000;

/** Load outside of the windows weighs so much that every move which lessens it is worth it. */
const AT_ALL_COSTS = 1000;

/** How a walk goes. */
export interface WalkOptions {
  readonly steps: number;
  /** How much worse than the last one a step may be in the beginning, as a part of a usual move's seconds. */
  readonly heat: number;
  /** How many times their price broken rules and missed targets weigh. */
  readonly insistence: number;
}

/**
 * Improves a placement by a long walk of small changes, each of which may make it a little worse, less and
 * less so towards the end; rules and limits may be broken on the way, at a price. The best placement met is
 * kept. The steps come from a fixed sequence of numbers: the same problem always walks the same way.
 */
export function walk(placement: Placement, options: WalkOptions): void {
  const { steps, insistence } = options;
  const { mobile, model, usualSeconds } = placement.problem;
  if (!mobile.includes(1) || !model.active.includes(1)) return;
  const heat = options.heat * usualSeconds;
  const sequence = new Sequence();
  const best = new Standing(placement);
  for (const u of forceHomeless(placement)) best.touch(u);
  best.update();
  const taken = new Steps(placement, sequence, best);
  const least = leastCost(placement);
  const focus = model.nodes.length > 2 * FOCUS_NODES ? FOCUS_NODES : model.nodes.length;
  const driftEvery = DRIFT_EVERY * Math.ceil(model.nodes.length / DRIFT_NODES);
  placement.crowds.insistence = insistence;
  for (let step = 0; step < steps; step++) {
    const left = 1 - step / steps;
    if (step % FOCUS_STEPS === 0) taken.focus(focus);
    if (step % driftEvery === 0) {
      if (best.isAsGoodAs(least)) break;
      placement.loads.urgency = insistence * (1 + (URGENCY - 1) * (1 - left) * (1 - left));
      drift(placement, heat * left * left, sequence);
      if (model.nodes.length <= LEAP_NODES) taken.leap(heat * left * left);
    }
    taken.take(heat * left * left * exponential(sequence.next()));
  }
  reachTargets(placement, best);
  placement.loads.urgency = 1;
  placement.crowds.insistence = 1;
  best.restore();
  fitWindows(placement);
}

/** A walk may end with a target missed by a hair: whatever single moves it takes to reach it are taken. */
function reachTargets(placement: Placement, best: Standing): void {
  if (placement.loads.gapSeconds() === 0) return;
  placement.loads.urgency = AT_ALL_COSTS;
  for (const { u } of level(placement)) best.touch(u);
  best.update();
}

/** What the units that must leave cost at the very least; a placement at that cost cannot be improved. */
function leastCost(placement: Placement): number {
  let least = 0;
  placement.problem.units.all.forEach(({ home, mask, movable }, u) => {
    if (!movable || mask[home] === 1) return;
    let cheapest = Number.POSITIVE_INFINITY;
    mask.forEach((bit, n) => {
      if (bit === 1) cheapest = Math.min(cheapest, placement.costAt(u, n));
    });
    least += cheapest;
  });
  return least;
}

/** Lets the windows drift along with the placement, now and then right to where it is. */
function drift(placement: Placement, allowed: number, sequence: Sequence): void {
  const { loads, problem } = placement;
  windowEdges(placement).forEach((edge, d) => {
    const width = problem.width[d] ?? -1;
    if (width < 0) return;
    const step = (sequence.next() - 0.5) * DRIFT * width;
    const next = sequence.next() < FITTING ? fittingEdge(loads, problem, d) : edge + step;
    const before = loads.gapSeconds();
    moveWindow(loads, problem, d, next);
    loads.recount();
    if ((loads.gapSeconds() - before) * loads.urgency <= allowed) return;
    moveWindow(loads, problem, d, edge);
    loads.recount();
  });
}

/** Roughly exponential from uniform, by arithmetic that is the same on every machine. */
function exponential(uniform: number): number {
  return uniform / (1.05 - uniform);
}
