import { firstWhere } from "./first-where.ts";
import type { MemoryNodes } from "./memory-nodes.ts";

/** Lower edges of the window that are looked at together, as a fraction of a node: what is needed there is needed at each. */
const CELL = 0.0005;
const CELLS = 2000;

/**
 * Bytes that any plan moves at least. When the target holds there is an edge such that all nodes are between edge and
 * edge + target: every node above must lose its excess, every node below must gain its deficit.
 */
export function leastBytes(memory: MemoryNodes): number {
  return leastOver(
    memory,
    (_, load) => load,
    (load) => load,
  );
}

/** The same in moves: nodes lose whole guests of their own, and gain whole guests of any. At best all of them are large. */
export function leastMoves(memory: MemoryNodes): number {
  const { bytes, nodes } = memory;
  const all = nodes.flatMap(({ units }) => units.map(bytes)).sort((a, b) => b - a);
  const sums = sumsOf(all);
  const own = nodes.map(({ units }) => sumsOf(units.map(bytes).reverse()));
  return leastOver(
    memory,
    (place, load) => fewest(own[place] ?? [], load),
    (load) => fewest(sums, load),
  );
}

/** The higher the edge, the less has to leave and the more has to come: it takes least where the two meet. */
function leastOver(
  { nodes, width }: MemoryNodes,
  toLose: (place: number, load: number) => number,
  toGain: (load: number) => number,
): number {
  const lost = (cell: number): number =>
    nodes.reduce((sum, { load, capacity }, place) => {
      const over = load - ((cell + 1) * CELL + width) * capacity;
      return over > 0 ? sum + toLose(place, over) : sum;
    }, 0);
  const gained = (cell: number): number =>
    nodes.reduce((sum, { load, capacity }) => {
      const under = cell * CELL * capacity - load;
      return under > 0 ? sum + toGain(under) : sum;
    }, 0);
  const met = firstWhere(CELLS, (cell) => gained(cell) >= lost(cell));
  return met === 0 ? gained(0) : Math.min(gained(met), lost(met - 1));
}

/** How many of the first it takes for an amount. */
function fewest(sums: readonly number[], amount: number): number {
  return 1 + firstWhere(sums.length - 1, (index) => (sums[index] ?? 0) >= amount);
}

function sumsOf(amounts: readonly number[]): readonly number[] {
  let sum = 0;
  return amounts.map((amount) => {
    sum += amount;
    return sum;
  });
}
