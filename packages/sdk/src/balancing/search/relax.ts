import { Placement } from "./placement.ts";
import type { Problem } from "./problem.ts";
import { walk } from "./walk.ts";
import { fitWindows } from "./windows.ts";

/** How often the window is halved between what was reached and what was asked for. */
const HALVINGS = 4;
const HEAT = 0.4;
const INSISTENCE = 8;

/**
 * Comes as close to a target as it can be come when it cannot be reached: wider windows are tried, each halfway
 * between the narrowest reached and the widest missed.
 */
export function approach(placement: Placement, steps: number): Placement {
  const { problem } = placement;
  let best = placement;
  let missed = problem.width;
  let reached = spreads(placement);
  for (let halving = 0; halving < HALVINGS; halving++) {
    const width = missed.map((narrow, d) => {
      const wide = reached[d] ?? -1;
      return wide > narrow ? (narrow + wide) / 2 : narrow;
    });
    const tried = withPositions({ ...problem, width }, best.at);
    walk(tried, { steps, heat: HEAT, insistence: INSISTENCE });
    if (tried.loads.gapSeconds() > 0) missed = width;
    if (tried.broken > best.broken || !isCloser(spreads(tried), reached)) continue;
    best = tried;
    reached = spreads(tried);
  }
  return withPositions(problem, best.at);
}

function isCloser(a: Float64Array, b: Float64Array): boolean {
  const sum = (spread: Float64Array): number => spread.reduce((all, one) => all + one, 0);
  return sum(a) < sum(b) - 1e-6;
}

/** By dim: how far apart the active nodes are, as a fraction; -1 where the resource is not levelled. */
function spreads({ loads, problem }: Placement): Float64Array {
  const dims = problem.dims.length;
  return problem.width.map((width, d) => {
    if (width < 0) return -1;
    const fractions = problem.model.nodes.flatMap((_, n) => {
      const i = n * dims + d;
      return problem.model.active[n] === 1
        ? [(loads.load[i] ?? 0) / (problem.capacity[i] ?? 1)]
        : [];
    });
    return Math.max(...fractions) - Math.min(...fractions);
  });
}

function withPositions(problem: Problem, at: Int32Array): Placement {
  const placement = new Placement(problem);
  at.forEach((node, u) => {
    placement.move(u, node);
  });
  fitWindows(placement);
  return placement;
}
