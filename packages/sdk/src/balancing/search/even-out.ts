import type { Placement } from "./placement.ts";

/** Passes over all moved units; each finds less than the one before. */
const PASSES = 4;
/** How many trades are looked at in all. */
const TRADES_TRIED = 40_000;

/**
 * Moves that have to be made anyway may as well go where they leave the nodes most even: every moved unit is
 * offered every node that costs the same and stays inside of the windows, and then those on the fullest and on the
 * emptiest node trade places with others.
 */
export function evenOut(placement: Placement): void {
  relocate(placement);
  tradePlaces(placement);
}

function relocate(placement: Placement): void {
  const { moved } = placement;
  for (let pass = 0; pass < PASSES; pass++) {
    let changes = 0;
    for (const u of moved.members()) {
      const to = evenest(placement, u);
      if (to < 0) continue;
      placement.move(u, to);
      changes++;
    }
    if (changes === 0) return;
  }
}

function evenest(placement: Placement, u: number): number {
  const { problem, at } = placement;
  const from = at[u] ?? -1;
  if (from < 0 || problem.mobile[u] !== 1) return -1;
  const cost = placement.costAt(u, from);
  let best = -1;
  let least = -1e-9;
  for (let to = 0; to < problem.model.nodes.length; to++) {
    if (!placement.mayBe(u, to) || to === problem.homeOf[u] || to === from) continue;
    if (placement.costAt(u, to) > cost + 1e-9) continue;
    const change = squares(placement, u, from, to);
    if (change >= least || !placement.allows(u, to) || placement.deltaOf(u, to) > 1e-9) continue;
    if (placement.loads.delta(u, from, -1, to, 1e-9) > 1e-9) continue;
    least = change;
    best = to;
  }
  return best;
}

interface Trade {
  readonly u: number;
  readonly v: number;
  readonly change: number;
}

function tradePlaces(placement: Placement): void {
  const { at, problem, moved } = placement;
  const units = [...moved.members()].filter((u) => problem.mobile[u] === 1 && (at[u] ?? -1) >= 0);
  let left = TRADES_TRIED;
  for (;;) {
    let best: Trade | undefined;
    for (const node of extremes(placement)) {
      const here = units.filter((u) => at[u] === node);
      left -= here.length * units.length;
      if (left < 0) return;
      best = bestTrade(placement, here, units, best);
    }
    if (best === undefined) return;
    const [from, to] = [at[best.u] ?? -1, at[best.v] ?? -1];
    placement.move(best.u, to);
    placement.move(best.v, from);
  }
}

/** The best trade between units of one node and others that costs the same and stays inside of the windows. */
function bestTrade(
  placement: Placement,
  here: readonly number[],
  units: readonly number[],
  known: Trade | undefined,
): Trade | undefined {
  const { at, problem } = placement;
  let best = known;
  for (const u of here) {
    for (const v of units) {
      const [from, to] = [at[u] ?? -1, at[v] ?? -1];
      if (from === to || problem.homeOf[u] === to || problem.homeOf[v] === from) continue;
      const change = squares(placement, u, from, to, v);
      if (change >= (best?.change ?? -1e-9)) continue;
      if (!placement.mayBe(u, to) || !placement.mayBe(v, from)) continue;
      if (placement.deltaOfSwap(u, v) <= 1e-9) best = { u, v, change };
    }
  }
  return best;
}

/** The fullest and the emptiest active node in each levelled resource. */
function extremes({ problem, loads }: Placement): ReadonlySet<number> {
  const dims = problem.dims.length;
  const found = new Set<number>();
  for (let d = 0; d < dims; d++) {
    if ((problem.width[d] ?? -1) < 0) continue;
    let fullest = -1;
    let emptiest = -1;
    let [most, least] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let n = 0; n < problem.model.nodes.length; n++) {
      if (problem.model.active[n] !== 1) continue;
      const fraction = (loads.load[n * dims + d] ?? 0) / (problem.capacity[n * dims + d] ?? 1);
      if (fraction > most) [most, fullest] = [fraction, n];
      if (fraction < least) [least, emptiest] = [fraction, n];
    }
    found.add(fullest).add(emptiest);
  }
  return found;
}

/** Change in the sum of squared loads, over all levelled resources, when `u` moves, and `v`, if not -1, the other way. */
function squares(
  { problem, loads }: Placement,
  u: number,
  from: number,
  to: number,
  v = -1,
): number {
  const dims = problem.dims.length;
  let change = 0;
  for (let d = 0; d < dims; d++) {
    if ((problem.width[d] ?? -1) < 0) continue;
    const back = v < 0 ? 0 : (problem.weight[v * dims + d] ?? 0);
    const w = (problem.weight[u * dims + d] ?? 0) - back;
    const part = (n: number, amount: number): number => {
      const i = n * dims + d;
      const fraction = ((loads.load[i] ?? 0) + amount) / (problem.capacity[i] ?? 1);
      // A power would be the same only as far as the library of a platform is.
      return fraction * fraction;
    };
    change += part(from, -w) - part(from, 0) + part(to, w) - part(to, 0);
  }
  return change;
}
