import type { ClusterSnapshot } from "@kappa4/connectors";

/** Lower edges of the window that are looked at together, as a fraction of a node. */
const CELL = 0.0001;
/** How much more than the fewest bytes a cell may need to be looked at closely. */
const FARTHEST = 1.15;
/** Prices of a byte, as parts of its seconds, with which the bytes that move at least are counted apart. */
const PRICES = [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6];
/** Amounts that are told apart in a knapsack. */
const GRAINS = 100_000;
const OVERHEAD = 8;
const BYTES_PER_SECOND = 1e9;

/** What every plan needs whose lowest load is in one cell, whatever guests it moves. */
export interface CellBound {
  readonly bytes: number;
  readonly seconds: number;
}

/** What every plan for a snapshot needs. */
export interface Tradeoff {
  /** Fewest bytes of all cells. */
  readonly bytes: number;
  /** Fewest moves of one cell at the overhead of each, and the fewest bytes of another: no plan need reach both. */
  readonly apart: number;
  readonly cells: readonly CellBound[];
}

interface Node {
  readonly load: number;
  readonly total: number;
  /** Amounts of its guests, the largest first. */
  readonly guests: readonly number[];
}

interface Cell {
  readonly bytes: number;
  readonly moves: number;
  /** By node: what has to leave it. */
  readonly excess: ReadonlyMap<Node, number>;
}

/**
 * Counts what levelling the memory of a cluster takes at least where no rule and no disk plays a part. When the target
 * holds, all loads lie between an edge and edge + target. For each edge, every node above must lose its excess, in
 * whole guests of its own, and every node below must gain its deficit, in whole guests: that bounds bytes and moves at
 * the same edge. The seconds come from the cheapest sets of guests that lose each excess, with part of the price of the
 * bytes taken out and paid for what must move in all (a Lagrange multiplier).
 */
export function countTradeoff({ guests, nodes, policy }: ClusterSnapshot): Tradeoff {
  const width = (policy?.balanciness ?? 10) / 100;
  const active: readonly Node[] = nodes
    .filter(({ maintenance }) => !maintenance)
    .map(({ name, memory }) => ({
      load: memory.used,
      total: memory.total,
      guests: guests
        .filter(({ node, status }) => node === name && status === "running")
        .map((guest) => guest.memory.used)
        .sort((a, b) => b - a),
    }));
  const all = active.flatMap((node) => node.guests).sort((a, b) => b - a);
  const cells: Cell[] = [];
  for (let edge = 0; edge < 1; edge += CELL) cells.push(cellAt(edge, width, active, all));
  const bytes = Math.min(...cells.map((cell) => cell.bytes));
  const moves = Math.min(...cells.map((cell) => cell.moves));
  const near = cells.filter((cell) => cell.bytes <= FARTHEST * bytes);
  const knapsacks = new Knapsacks(near);
  return {
    bytes,
    apart: OVERHEAD * moves + bytes / BYTES_PER_SECOND,
    cells: [
      {
        bytes: FARTHEST * bytes,
        seconds: OVERHEAD * moves + (FARTHEST * bytes) / BYTES_PER_SECOND,
      },
      ...near.map((cell) => ({ bytes: cell.bytes, seconds: knapsacks.secondsOf(cell) })),
    ],
  };
}

function cellAt(edge: number, width: number, nodes: readonly Node[], all: readonly number[]): Cell {
  const excess = new Map<Node, number>();
  const [lost, gained] = [
    { bytes: 0, moves: 0 },
    { bytes: 0, moves: 0 },
  ];
  for (const node of nodes) {
    const above = node.load - (edge + CELL + width) * node.total;
    const below = edge * node.total - node.load;
    if (above > 0) excess.set(node, above);
    const [sum, amount, from] = above > 0 ? [lost, above, node.guests] : [gained, below, all];
    if (amount <= 0) continue;
    sum.bytes += amount;
    sum.moves += fewestFor(amount, from);
  }
  const bytes = Math.max(lost.bytes, gained.bytes);
  return { bytes, moves: Math.max(lost.moves, gained.moves), excess };
}

/** How many guests it takes, the largest first; infinitely many where all do not suffice. */
function fewestFor(amount: number, guests: readonly number[]): number {
  let left = amount;
  for (const [index, guest] of guests.entries()) {
    left -= guest;
    if (left <= 0) return index + 1;
  }
  return Number.POSITIVE_INFINITY;
}

/** The cheapest sets of guests that lose a node so much, by price of a byte; made when they are asked for. */
class Knapsacks {
  readonly #most = new Map<Node, number>();
  readonly #made = new Map<number, Map<Node, Float64Array>>();

  constructor(cells: readonly Cell[]) {
    for (const { excess } of cells) {
      for (const [node, amount] of excess) {
        this.#most.set(node, Math.max(amount, this.#most.get(node) ?? 0));
      }
    }
  }

  secondsOf({ bytes, excess, moves }: Cell): number {
    let least = OVERHEAD * moves + bytes / BYTES_PER_SECOND;
    for (const price of PRICES) {
      let sum = (price * bytes) / BYTES_PER_SECOND;
      for (const [node, amount] of excess) {
        const grain = (this.#most.get(node) ?? 0) / GRAINS;
        sum += this.#of(node, price)[Math.floor(amount / grain)] ?? 0;
      }
      least = Math.max(least, sum);
    }
    return least;
  }

  #of(node: Node, price: number): Float64Array {
    const made = this.#made.get(price) ?? new Map<Node, Float64Array>();
    this.#made.set(price, made);
    const known = made.get(node);
    if (known !== undefined) return known;
    const grain = (this.#most.get(node) ?? 0) / GRAINS;
    // Guests are rounded up and amounts down, so what is found is never more than what it takes.
    const least = new Float64Array(GRAINS + 1).fill(Number.POSITIVE_INFINITY);
    least[0] = 0;
    for (const guest of node.guests) {
      const seconds = OVERHEAD + ((1 - price) * guest) / BYTES_PER_SECOND;
      const size = Math.ceil(guest / grain);
      for (let at = GRAINS; at >= 0; at--) {
        const sum = (least[at] ?? 0) + seconds;
        const reached = Math.min(GRAINS, at + size);
        if (sum < (least[reached] ?? 0)) least[reached] = sum;
      }
    }
    for (let at = GRAINS - 1; at >= 0; at--) {
      least[at] = Math.min(least[at] ?? 0, least[at + 1] ?? 0);
    }
    made.set(node, least);
    return least;
  }
}
