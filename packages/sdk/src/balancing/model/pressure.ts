import type { BalancingMethod, Guest, Pressure } from "@kappa4/connectors";
import type { Placed, RawResource } from "./resources.ts";

const FIELD = { memory: "memorySome", cpu: "cpuSome", disk: "ioSome" } as const satisfies Record<
  BalancingMethod,
  keyof Pressure
>;

/**
 * Makes pressure a thing that can be moved. Pressure belongs to a node and not to its guests; each guest
 * gets the share of it that its own pressure has in that of all guests there, or, where no guest reports
 * any, the share that its use has. A share weighs less on a node with more of the resource.
 */
export function pressureFigures(
  placed: Placed,
  method: BalancingMethod,
  used: Readonly<Record<BalancingMethod, RawResource>>,
): RawResource {
  const { nodes, guests, home, counts } = placed;
  const field = FIELD[method];
  const { capacity, weight: usedBy } = used[method];
  const initial = Float64Array.from(nodes, (node, n) =>
    Math.round(((node.psi?.[field] ?? 0) / 100) * (capacity[n] ?? 1)),
  );
  const own = Float64Array.from(guests, (guest: Guest, g) =>
    counts[g] === 1 ? (guest.psi?.[field] ?? 0) : 0,
  );
  const ownOnNode = added(own, home, nodes.length);
  const usedOnNode = added(usedBy, home, nodes.length);
  const weight = Float64Array.from(guests, (_, g) => {
    const n = home[g] ?? -1;
    const total = ownOnNode[n] ?? 0;
    const share = total > 0 ? (own[g] ?? 0) / total : (usedBy[g] ?? 0) / (usedOnNode[n] || 1);
    return Math.round(share * (initial[n] ?? 0));
  });
  const limit = new Float64Array(nodes.length).fill(Number.POSITIVE_INFINITY);
  return { name: "pressure", capacity, limit, initial, weight };
}

function added(values: Float64Array, home: Int32Array, nodes: number): Float64Array {
  const total = new Float64Array(nodes);
  home.forEach((n, g) => {
    if (n >= 0) total[n] = (total[n] ?? 0) + (values[g] ?? 0);
  });
  return total;
}
