import type { Placement } from "./placement.ts";

/** How many of the fullest or emptiest nodes are tried before all of them. */
const NEAR = 12;

/** A unit, and where it goes. */
export interface Step {
  readonly u: number;
  readonly to: number;
}

/**
 * Takes the best move, from the node that is worst off, until none helps. The best move is the one that gains
 * most per second of migration, or per move. Returns the moves that were made, in their order.
 */
export function level(
  placement: Placement,
  gainPer: "second" | "move" = "second",
): readonly Step[] {
  const taken: Step[] = [];
  const residents = listResidents(placement);
  const gaps = new Float64Array(residents.length);
  for (let n = 0; n < gaps.length; n++) gaps[n] = placement.loads.gapOn(n);
  const given = new Set<number>();
  for (;;) {
    const worst = largest(gaps, given);
    if (worst < 0) return taken;
    const step = bestStep(placement, residents, worst, gainPer);
    if (step === undefined) {
      given.add(worst);
      continue;
    }
    const from = placement.at[step.u] ?? -1;
    placement.move(step.u, step.to);
    taken.push(step);
    residents[from]?.delete(step.u);
    residents[step.to]?.add(step.u);
    gaps[from] = placement.loads.gapOn(from);
    gaps[step.to] = placement.loads.gapOn(step.to);
    given.clear();
  }
}

function listResidents(placement: Placement): Set<number>[] {
  const residents = placement.problem.model.nodes.map(() => new Set<number>());
  placement.at.forEach((node, u) => {
    if (placement.problem.mobile[u] === 1) residents[node]?.add(u);
  });
  return residents;
}

function largest(gaps: Float64Array, except: ReadonlySet<number>): number {
  let worst = -1;
  gaps.forEach((gap, n) => {
    if (gap > 1e-9 && gap > (gaps[worst] ?? 0) && !except.has(n)) worst = n;
  });
  return worst;
}

/** Best move out of or into a node; the nearest partners first, all others when these give nothing. */
function bestStep(
  placement: Placement,
  residents: readonly ReadonlySet<number>[],
  node: number,
  gainPer: "second" | "move",
): Step | undefined {
  const partners = partnersOf(placement, node);
  return (
    bestAmong(placement, residents, node, partners.slice(0, NEAR), gainPer) ??
    bestAmong(placement, residents, node, partners.slice(NEAR), gainPer)
  );
}

/** Active nodes, those with the lowest load first if the node is too full, else those with the highest. */
function partnersOf(placement: Placement, node: number): readonly number[] {
  const { model, dims, capacity } = placement.problem;
  let worstDim = 0;
  let most = -1;
  for (let d = 0; d < dims.length; d++) {
    const i = node * dims.length + d;
    const over = (placement.loads.load[i] ?? 0) - (placement.loads.high[i] ?? 0);
    const under = (placement.loads.low[i] ?? 0) - (placement.loads.load[i] ?? 0);
    const gap = Math.max(over, under) * (placement.problem.price[d] ?? 0);
    if (gap > most) {
      most = gap;
      worstDim = d;
    }
  }
  const at = node * dims.length + worstDim;
  const sign = (placement.loads.load[at] ?? 0) > (placement.loads.high[at] ?? 0) ? 1 : -1;
  const fraction = (n: number): number => {
    const i = n * dims.length + worstDim;
    return (placement.loads.load[i] ?? 0) / (capacity[i] ?? 1);
  };
  return model.nodes
    .map((_, n) => n)
    .filter((n) => n !== node && model.active[n] === 1)
    .sort((a, b) => sign * (fraction(a) - fraction(b)) || a - b);
}

function bestAmong(
  placement: Placement,
  residents: readonly ReadonlySet<number>[],
  node: number,
  partners: readonly number[],
  gainPer: "second" | "move",
): Step | undefined {
  let best: Step | undefined;
  let bestRate = 1e-9;
  const consider = (u: number, to: number): void => {
    const delta = placement.deltaOf(u, to);
    if (delta >= 0 || !placement.allows(u, to)) return;
    const cost = placement.costAt(u, to) - placement.costAt(u, placement.at[u] ?? -1);
    const rate = (cost - delta) / (gainPer === "second" ? Math.max(cost, 0.1) : 1);
    if (rate > bestRate) {
      bestRate = rate;
      best = { u, to };
    }
  };
  for (const u of residents[node] ?? []) for (const to of partners) consider(u, to);
  if (best !== undefined) return best;
  for (const from of partners) for (const u of residents[from] ?? []) consider(u, node);
  return best;
}
