import type { LocalStorages, Placed, RawResource } from "./resources.ts";

/**
 * Makes a resource of each node-local storage of which some node has more in use than it should: only these have
 * to be relieved, and the others cost the search no time. Nodes without such a storage have no limit of it.
 */
export function overfullStorages(
  { nodes, guests }: Placed,
  { at, limit, initial, volumes }: LocalStorages,
): readonly RawResource[] {
  const overfull = new Set<string>();
  for (const numbers of at) {
    for (const [id, s] of numbers) if ((initial[s] ?? 0) > (limit[s] ?? 0)) overfull.add(id);
  }
  return [...overfull].sort().map((id): RawResource => {
    const byNode = (of: (s: number) => number, none: number): Float64Array =>
      Float64Array.from(at, (numbers) => {
        const s = numbers.get(id);
        return s === undefined ? none : of(s);
      });
    const total = nodes.map((node) => node.storages.find((one) => one.id === id)?.total ?? 0);
    return {
      name: `storage ${id}`,
      capacity: Float64Array.from(total, (bytes) => Math.max(1, bytes)),
      limit: byNode((s) => limit[s] ?? 0, Number.POSITIVE_INFINITY),
      initial: byNode((s) => initial[s] ?? 0, 0),
      weight: Float64Array.from(guests, (_, g) =>
        (volumes[g] ?? []).reduce(
          (sum, { storage, bytes }) => sum + (storage === id ? bytes : 0),
          0,
        ),
      ),
    };
  });
}
