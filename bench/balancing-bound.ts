import type { ClusterSnapshot } from "@kappa4/connectors";

const STEPS = 2000;

/**
 * Seconds that any plan needs at least for the memory target. When the target holds there is a lower edge such
 * that all active nodes are within edge and edge + target; each node above must lose its excess and each below
 * must gain its deficit, and guests of draining nodes must move anyway. Rules are left out, so with rules the
 * bound is loose.
 */
export function leastSeconds(snapshot: ClusterSnapshot, balanciness: number): number {
  const width = balanciness / 100;
  const leaving = snapshot.guests.filter(({ node }) =>
    snapshot.nodes.some(({ name, maintenance }) => name === node && maintenance),
  );
  const afloat = leaving.reduce((sum, { memory }) => sum + memory.used, 0);
  const active = snapshot.nodes.filter(({ maintenance }) => !maintenance);
  const sizes = new Map(
    active.map(({ name }) => [
      name,
      snapshot.guests
        .filter(({ node }) => node === name)
        .map(({ memory }) => memory.used)
        .sort((a, b) => b - a),
    ]),
  );
  let least = Number.POSITIVE_INFINITY;
  for (let step = 0; step <= STEPS; step++) {
    const low = step / STEPS;
    // The cell from one step to the next: the excess of its end and the deficit of its start hold for all of it.
    const high = (step + 1) / STEPS + width;
    let excess = 0;
    let deficit = 0;
    let moves = 0;
    for (const { name, memory } of active) {
      const over = memory.used - high * memory.total;
      excess += Math.max(0, over);
      deficit += Math.max(0, low * memory.total - memory.used);
      moves += fewest(sizes.get(name) ?? [], over);
    }
    const bytes = Math.max(excess, deficit - afloat);
    least = Math.min(least, 8 * moves + bytes / 1e9);
  }
  return least + 8 * leaving.length + afloat / 1e9;
}

/** How many of the largest guests it takes to shed an amount. */
function fewest(sizes: readonly number[], amount: number): number {
  let left = amount;
  let count = 0;
  while (left > 0 && count < sizes.length) {
    left -= sizes[count] ?? 0;
    count++;
  }
  return count;
}
