import type { Placement } from "./placement.ts";

/** Passes over all moved units; each finds less than the one before. */
const PASSES = 4;

/**
 * Moves that have to be made anyway may as well go where they leave the nodes most even: every moved unit is
 * offered every node that costs the same and stays inside of the windows.
 */
export function evenOut(placement: Placement): void {
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
    if (placement.loads.delta(u, from, -1, to) > 1e-9) continue;
    least = change;
    best = to;
  }
  return best;
}

/** Change in the sum of squared loads, over all levelled resources. */
function squares({ problem, loads }: Placement, u: number, from: number, to: number): number {
  const dims = problem.dims.length;
  let change = 0;
  for (let d = 0; d < dims; d++) {
    if ((problem.width[d] ?? -1) < 0) continue;
    const w = problem.weight[u * dims + d] ?? 0;
    const part = (n: number, amount: number): number => {
      const i = n * dims + d;
      return ((loads.load[i] ?? 0) + amount) ** 2 / (problem.capacity[i] ?? 1) ** 2;
    };
    change += part(from, -w) - part(from, 0) + part(to, w) - part(to, 0);
  }
  return change;
}
