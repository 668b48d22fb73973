import type { Placement } from "./placement.ts";

/** How many of the fullest or emptiest nodes are tried before all of them. */
const NEAR = 12;

/** Load outside of its window takes this part of what it counts as at least. */
export const LEAST_PART = 0.28;

/** A unit, and where it goes. */
export interface Step {
  readonly u: number;
  readonly to: number;
}

/**
 * Takes the best move, from the node that is worst off, until none helps. The best move is the one that gains
 * most per second of migration, or per move. It stops when all moves will take more than `atMost` seconds. Returns
 * the moves that were made, in their order.
 */
export function level(
  placement: Placement,
  gainPer: "second" | "move" = "second",
  atMost: number = Number.POSITIVE_INFINITY,
): readonly Step[] {
  const taken: Step[] = [];
  const residents = listResidents(placement);
  const gaps = Float64Array.from(residents, (_, n) => placement.loads.gapOn(n));
  // What could not be helped is looked at again when all others were: not after each step.
  const given = new Uint8Array(residents.length);
  for (let helped = true; helped && leastTotal(placement) <= atMost; ) {
    helped = false;
    given.fill(0);
    while (leastTotal(placement) <= atMost) {
      const worst = largest(gaps, given);
      if (worst < 0) break;
      const step = bestStep(placement, residents, worst, gainPer);
      if (step === undefined) {
        given[worst] = 1;
        continue;
      }
      const from = placement.at[step.u] ?? -1;
      placement.move(step.u, step.to);
      taken.push(step);
      residents[from]?.delete(step.u);
      residents[step.to]?.add(step.u);
      gaps[from] = placement.loads.gapOn(from);
      gaps[step.to] = placement.loads.gapOn(step.to);
      helped = true;
    }
  }
  return taken;
}

function leastTotal({ cost, loads }: Placement): number {
  return cost + LEAST_PART * loads.gapSeconds();
}

function listResidents(placement: Placement): Set<number>[] {
  const residents = placement.problem.model.nodes.map(() => new Set<number>());
  placement.at.forEach((node, u) => {
    if (placement.problem.mobile[u] === 1) residents[node]?.add(u);
  });
  return residents;
}

function largest(gaps: Float64Array, except: Uint8Array): number {
  let worst = -1;
  let most = 1e-9;
  for (let n = 0; n < gaps.length; n++) {
    const gap = gaps[n] ?? 0;
    if (gap <= most || except[n] === 1) continue;
    most = gap;
    worst = n;
  }
  return worst;
}

/** Best move out of or into a node; the nearest partners first, all others when these give nothing. */
function bestStep(
  placement: Placement,
  residents: readonly ReadonlySet<number>[],
  node: number,
  gainPer: "second" | "move",
): Step | undefined {
  const fractions = signedFractions(placement, node);
  return (
    bestAmong(placement, residents, node, lowest(fractions), gainPer) ??
    bestAmong(placement, residents, node, others(fractions), gainPer)
  );
}

/** Load of all other nodes that take guests, in what is worst on this one; negative where it has too little of it. */
function signedFractions(placement: Placement, node: number): Float64Array {
  const { dims, capacity, model } = placement.problem;
  const { load, high } = placement.loads;
  const worst = worstDimOn(placement, node);
  const sign = (load[worst] ?? 0) > (high[worst] ?? 0) ? 1 : -1;
  const d = worst % dims.length;
  return Float64Array.from(model.active, (isActive, n) => {
    const i = n * dims.length + d;
    if (isActive !== 1 || n === node) return Number.POSITIVE_INFINITY;
    return (sign * (load[i] ?? 0)) / (capacity[i] ?? 1);
  });
}

/** Where the resource that is furthest outside of its window is noted. */
function worstDimOn({ loads, problem }: Placement, node: number): number {
  const { dims, capacity } = problem;
  let worst = node * dims.length;
  let furthest = 0;
  for (let i = worst; i < (node + 1) * dims.length; i++) {
    const load = loads.load[i] ?? 0;
    const outside = Math.max(0, load - (loads.high[i] ?? 0), (loads.low[i] ?? 0) - load);
    if (outside / (capacity[i] ?? 1) <= furthest) continue;
    furthest = outside / (capacity[i] ?? 1);
    worst = i;
  }
  return worst;
}

/** Numbers of the {@link NEAR} lowest finite values, the lowest first. */
function lowest(values: Float64Array): readonly number[] {
  const found: number[] = [];
  for (let n = 0; n < values.length; n++) {
    const value = values[n] ?? 0;
    if (value === Number.POSITIVE_INFINITY) continue;
    if (found.length === NEAR && value >= (values[found[NEAR - 1] ?? -1] ?? 0)) continue;
    let place = Math.min(found.length, NEAR - 1);
    for (; place > 0 && (values[found[place - 1] ?? -1] ?? 0) > value; place--) {
      found[place] = found[place - 1] ?? -1;
    }
    found[place] = n;
  }
  return found;
}

/** Numbers of all finite values. */
function others(values: Float64Array): readonly number[] {
  return [...values.keys()].filter((n) => values[n] !== Number.POSITIVE_INFINITY);
}

function bestAmong(
  placement: Placement,
  residents: readonly ReadonlySet<number>[],
  node: number,
  partners: readonly number[],
  gainPer: "second" | "move",
): Step | undefined {
  const { loads } = placement;
  // Less than this is nothing but rounding, and would go to and fro for ever.
  const least = -1e-9 * (1 + loads.gapSeconds() * loads.urgency);
  let best: Step | undefined;
  let bestRate = 1e-9;
  const consider = (u: number, to: number): void => {
    const cost = placement.costAt(u, to) - placement.costAt(u, placement.at[u] ?? -1);
    const per = gainPer === "second" ? Math.max(cost, 0.1) : 1;
    const delta = placement.deltaOf(u, to, Math.min(least, cost - bestRate * per));
    const rate = (cost - delta) / per;
    if (delta >= least || rate <= bestRate) return;
    if (!placement.allows(u, to)) return;
    bestRate = rate;
    best = { u, to };
  };
  const own = loads.penaltyOn(node);
  for (const u of residents[node] ?? []) {
    const cost = leastCost(placement, u);
    for (const to of partners) if (cost < own + loads.penaltyOn(to)) consider(u, to);
  }
  if (best !== undefined) return best;
  for (const from of partners) {
    const gain = own + loads.penaltyOn(from);
    for (const u of residents[from] ?? []) if (leastCost(placement, u) < gain) consider(u, node);
  }
  return best;
}

/** What moving a unit costs at least: no move can gain more than the penalties of its two nodes. */
function leastCost({ at, problem }: Placement, u: number): number {
  const isSimple = problem.table[u] === undefined && at[u] === problem.homeOf[u];
  return isSimple ? (problem.seconds[u] ?? 0) : Number.NEGATIVE_INFINITY;
}
