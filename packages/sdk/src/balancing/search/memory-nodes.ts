import type { Problem } from "./problem.ts";

/** Memory in use on one node that takes part in levelling. */
export interface MemoryNode {
  readonly n: number;
  /** Where its figures are noted: [node * dims + dim]. */
  readonly i: number;
  readonly load: number;
  readonly capacity: number;
  /** Units that may leave it, the lightest first. */
  readonly units: readonly number[];
}

/** Memory in use as the only thing that is levelled: then load that moves and bytes that travel are the same. */
export interface MemoryNodes {
  /** How far apart the nodes may be, as a fraction. */
  readonly width: number;
  /** By unit: bytes. */
  readonly bytes: (u: number) => number;
  /** The fullest first. */
  readonly nodes: readonly MemoryNode[];
}

/** Reads the nodes of a problem in which memory in use is levelled, and nothing else; undefined for any other. */
export function readMemoryNodes(problem: Problem): MemoryNodes | undefined {
  const { capacity, dims, homeOf, initial, mobile, model, weight } = problem;
  const d = dims.findIndex(({ name }) => name === "memory");
  const width = problem.width[d] ?? -1;
  if (width < 0 || problem.width.some((other, e) => e !== d && other >= 0)) return undefined;
  const bytes = (u: number): number => weight[u * dims.length + d] ?? 0;
  const leaving: number[][] = model.nodes.map(() => []);
  homeOf.forEach((n, u) => {
    if (mobile[u] === 1 && bytes(u) > 0) leaving[n]?.push(u);
  });
  const nodes = leaving.map((units, n): MemoryNode => {
    const i = n * dims.length + d;
    units.sort((a, b) => bytes(a) - bytes(b) || a - b);
    return { n, i, load: initial[i] ?? 0, capacity: capacity[i] ?? 1, units };
  });
  const active = nodes.filter(({ n }) => model.active[n] === 1);
  active.sort((a, b) => b.load / b.capacity - a.load / a.capacity || a.n - b.n);
  return { width, bytes, nodes: active };
}
