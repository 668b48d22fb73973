import type { Loads } from "./loads.ts";
import type { Placement } from "./placement.ts";
import type { Problem } from "./problem.ts";

/** Steps in which the lower edge of a window is tried: thousandths of a node, more where a node is overfull. */
const STEPS = 1000;
/** How full a node may be, as a fraction, before the steps grow: else a node without capacity would take for ever. */
const FULL = 2;

/** What it takes at least to bring one resource into a window. */
export interface Need {
  /** Lower edge of the window that takes the least; -1 where the resource is not levelled. */
  readonly edge: number;
  /** Load that has to move at least when the lower edge is here. */
  readonly at: (edge: number) => number;
}

/**
 * Finds, for each levelled resource, the lower edge of the window that takes the least load to reach.
 * When all active nodes are within [edge, edge + width] the target holds, so every node above must lose its
 * excess and every node below must gain its deficit; the larger of the two sums is what has to move at least.
 */
export function windowNeeds(problem: Problem): readonly Need[] {
  return [...problem.width].map((width, d) =>
    width < 0 ? { edge: -1, at: () => 0 } : windowNeed(problem, d, width),
  );
}

/** Lower edges of the windows that take the least load to reach; -1 where a resource is not levelled. */
export function cheapestEdges(problem: Problem): Float64Array {
  return Float64Array.from(windowNeeds(problem), ({ edge }) => edge);
}

function windowNeed(problem: Problem, d: number, width: number): Need {
  const { loads, capacities, afloat } = settledLoads(problem, d);
  const look = (edge: number): { readonly needed: number; readonly deficit: number } =>
    neededAt(edge, width, loads, capacities, afloat);
  let first = 0;
  let last = 0;
  let settled = -1;
  let least = Number.POSITIVE_INFINITY;
  const top = Math.max(1, ...loads.map((load, n) => load / (capacities[n] ?? 1)));
  const size = Math.max(1, top / FULL) / STEPS;
  for (let step = 0; step * size <= top; step++) {
    const { needed, deficit } = look(step * size);
    if (needed < least) {
      least = needed;
      first = step;
      settled = -1;
    }
    if (needed !== least) continue;
    last = step;
    if (deficit === 0) settled = step;
  }
  // Among equal edges the highest is best that takes no help of homeless units: it leaves most room for them.
  const edge = (settled >= first ? settled : (first + last) / 2) * size;
  return { edge, at: (other) => look(other).needed };
}

/** The least load that has to move for a window, besides what must move anyway and may go where it helps. */
function neededAt(
  edge: number,
  width: number,
  loads: readonly number[],
  capacities: readonly number[],
  afloat: number,
): { readonly needed: number; readonly deficit: number } {
  let excess = 0;
  let deficit = 0;
  let room = 0;
  loads.forEach((load, n) => {
    const capacity = capacities[n] ?? 1;
    const free = (edge + width) * capacity - load;
    excess += Math.max(0, -free);
    room += Math.max(0, free);
    deficit += Math.max(0, edge * capacity - load);
  });
  const homeless = Math.max(0, excess + afloat - room);
  return { needed: Math.max(excess, deficit - afloat, 0) + 10 * homeless, deficit };
}

/** Loads of the active nodes without the units that must leave their node anyway. */
function settledLoads(problem: Problem, d: number) {
  const dims = problem.dims.length;
  const { active } = problem.model;
  const settled = problem.initial.slice();
  let afloat = 0;
  problem.units.all.forEach(({ home, mask, movable }, u) => {
    if (!movable || home < 0 || mask[home] === 1) return;
    const w = problem.weight[u * dims + d] ?? 0;
    settled[home * dims + d] = (settled[home * dims + d] ?? 0) - w;
    afloat += w;
  });
  const loads: number[] = [];
  const capacities: number[] = [];
  active.forEach((isActive, n) => {
    if (isActive !== 1) return;
    loads.push(settled[n * dims + d] ?? 0);
    capacities.push(problem.capacity[n * dims + d] ?? 1);
  });
  return { loads, capacities, afloat };
}

/** Sets the windows of a placement: levelled resources between edge and edge + width, all others below their limits. */
export function setWindows({ loads, problem }: Placement, edges: ArrayLike<number>): void {
  for (let d = 0; d < edges.length; d++) moveWindow(loads, problem, d, edges[d] ?? -1);
  loads.recount();
}

/** Centres the windows on the loads as they are: nothing is outside when the target is reached. */
export function fitWindows({ loads, problem }: Placement): void {
  problem.width.forEach((width, d) => {
    moveWindow(loads, problem, d, width < 0 ? -1 : fittingEdge(loads, problem, d));
  });
  loads.recount();
}

/** Lower edges of the windows as they are; -1 where a resource has none. */
export function windowEdges({ loads, problem }: Placement): Float64Array {
  const dims = problem.dims.length;
  const first = problem.model.active.indexOf(1);
  return problem.width.map((width, d) => {
    const i = first * dims + d;
    return width < 0 ? -1 : (loads.low[i] ?? 0) / (problem.capacity[i] ?? 1);
  });
}

/** The lower edge of the window around the loads of a resource as they are. */
export function fittingEdge(loads: Loads, problem: Problem, d: number): number {
  const dims = problem.dims.length;
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let n = 0; n < problem.model.nodes.length; n++) {
    if (problem.model.active[n] !== 1) continue;
    const i = n * dims + d;
    const fraction = (loads.load[i] ?? 0) / (problem.capacity[i] ?? 1);
    lowest = Math.min(lowest, fraction);
    highest = Math.max(highest, fraction);
  }
  return (lowest + highest - (problem.width[d] ?? 0)) / 2;
}

/** Moves the window of one resource; {@link Loads.recount} has to follow. A node over a limit has to come down to it. */
export function moveWindow(loads: Loads, problem: Problem, d: number, edge: number): void {
  const dims = problem.dims.length;
  const width = problem.width[d] ?? -1;
  problem.model.active.forEach((isActive, n) => {
    const i = n * dims + d;
    const limit = problem.limit[i] ?? 0;
    const capacity = problem.capacity[i] ?? 1;
    if (isActive !== 1) loads.setWindow(i, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
    else if (width < 0) loads.setWindow(i, Number.NEGATIVE_INFINITY, limit);
    else {
      // A byte of tolerance, so that a spread of exactly the target is inside.
      const high = Math.min(limit, (edge + width) * capacity + 1);
      loads.setWindow(i, Math.min(limit, edge * capacity - 1), high);
    }
  });
}
