import type { Bar } from "../model/mobility.ts";
import type { Resource } from "../model/resources.ts";
import type { Problem } from "../search/problem.ts";
import { gibibytes, nameOf, percent } from "./words.ts";

/** Says which resource of a node is too short for more load; undefined when there is enough of all. */
export function shortageOf(
  problem: Pick<Problem, "dims" | "hard" | "model">,
  load: Float64Array,
  needs: (dim: number) => number,
  n: number,
): Bar | undefined {
  const { dims, hard, model } = problem;
  for (const [d, dim] of dims.entries()) {
    const i = n * dims.length + d;
    const needed = needs(d);
    const used = load[i] ?? 0;
    if (needed === 0 || used + needed <= (hard[i] ?? 0)) continue;
    const free = amount(dim, n, Math.max(0, (hard[i] ?? 0) - used));
    const message = `${model.nodes[n]?.name} has room for ${free} of ${nameOf(dim)} and it needs ${amount(dim, n, needed)}`;
    return { code: "no-capacity", message };
  }
  return undefined;
}

function amount(dim: Resource, n: number, value: number): string {
  const inBytes = /^storage |memory$|disk$/.test(dim.name);
  return inBytes ? gibibytes(value) : percent(value / (dim.capacity[n] ?? 1));
}
