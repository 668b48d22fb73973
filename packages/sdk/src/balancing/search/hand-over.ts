import { exchange, type Giver, type Taker } from "./exchange.ts";
import { firstWhere } from "./first-where.ts";
import type { MemoryNodes } from "./memory-nodes.ts";
import type { Placement } from "./placement.ts";

/**
 * Moves exactly one guest from each node above its window to the nodes below theirs, so that these end just at the
 * lower edge. There is no cheaper way into a window that leaves so many nodes above: each has to lose a guest, and
 * those below need these bytes. Answers whether all nodes are in their windows then, and no rule stood against it.
 */
export function handOver(placement: Placement, memory: MemoryNodes): boolean {
  const takers = listTakers(placement, memory);
  const givers = listGivers(placement, memory, takers);
  if (givers === undefined || !chooseSize(givers, takers, memory)) return false;
  share(givers, takers, memory);
  for (const taker of takers) exchange(taker, memory);
  for (const { n, givers: own } of takers) {
    for (const { choices, chosen } of own) {
      const u = choices[chosen] ?? -1;
      // Each of them may go there; whether all of them may shows only now.
      if (!placement.allows(u, n)) return false;
      placement.move(u, n);
    }
  }
  return placement.broken === 0 && placement.loads.gapSeconds() === 0;
}

function listTakers({ loads }: Placement, { nodes }: MemoryNodes): readonly Taker[] {
  return nodes
    .map(({ i, load, n }): Taker => ({ n, need: (loads.low[i] ?? 0) - load, sum: 0, givers: [] }))
    .filter(({ need }) => need > 0);
}

/** Undefined where some node has no single guest that does. */
function listGivers(
  placement: Placement,
  { bytes, nodes }: MemoryNodes,
  takers: readonly Taker[],
): readonly Giver[] | undefined {
  const { high, low } = placement.loads;
  const givers: Giver[] = [];
  for (const node of nodes) {
    const { i, load, n, units } = node;
    const over = load - (high[i] ?? 0);
    if (over <= 0) continue;
    const most = load - (low[i] ?? 0);
    const choices = units.filter((u) => {
      const amount = bytes(u);
      return amount >= over && amount <= most && mayGoToAll(placement, u, takers);
    });
    if (choices.length === 0) return undefined;
    givers.push({ n, choices, chosen: 0 });
  }
  return givers;
}

/** Whether it is one guest that may go to each of them without a wish or a recent move that speaks against it. */
function mayGoToAll(placement: Placement, u: number, takers: readonly Taker[]): boolean {
  const { seconds, units } = placement.problem;
  return (
    units.all[u]?.members.length === 1 &&
    takers.every(({ n }) => placement.allows(u, n) && placement.costAt(u, n) <= (seconds[u] ?? 0))
  );
}

/** Has each give the lightest guest from one size on, the size being just such that it is enough; answers whether one is. */
function chooseSize(
  givers: readonly Giver[],
  takers: readonly Taker[],
  { bytes }: MemoryNodes,
): boolean {
  const need = takers.reduce((sum, taker) => sum + taker.need, 0);
  const sizes = Float64Array.from(givers.flatMap(({ choices }) => choices.map(bytes))).sort();
  const isEnough = (size: number): boolean => {
    let given = 0;
    for (const giver of givers) {
      const { choices } = giver;
      giver.chosen = firstWhere(choices.length - 1, (place) => bytes(choices[place] ?? 0) >= size);
      given += givenBy(giver, bytes);
    }
    return given >= need;
  };
  const size = sizes[firstWhere(sizes.length, (index) => isEnough(sizes[index] ?? 0))];
  return size !== undefined && isEnough(size);
}

/** The heaviest first, each to the node that lacks most. */
function share(givers: readonly Giver[], takers: readonly Taker[], { bytes }: MemoryNodes): void {
  const order = givers.toSorted((a, b) => givenBy(b, bytes) - givenBy(a, bytes) || a.n - b.n);
  for (const giver of order) {
    const taker = takers.reduce((a, b) => (b.need - b.sum > a.need - a.sum ? b : a));
    taker.givers.push(giver);
    taker.sum += givenBy(giver, bytes);
  }
}

function givenBy({ choices, chosen }: Giver, bytes: MemoryNodes["bytes"]): number {
  return bytes(choices[chosen] ?? 0);
}
