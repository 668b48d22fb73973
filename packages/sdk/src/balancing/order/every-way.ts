import type { Problem } from "../search/problem.ts";
import { Board } from "./board.ts";
import { CheapestFirst } from "./cheapest-first.ts";
import type { Transfer } from "./traffic.ts";

/** What is small enough: positions there may be, which have to be told apart by a number, and positions looked at. */
const MOST_POSITIONS = 2 ** 52;
const MOST_LOOKS = 100_000;

/** How a position was come to. */
interface Step {
  readonly cost: number;
  readonly before: number;
  readonly piece: number;
}

/**
 * Finds the cheapest safe sequence of single moves to any placement in which every rule, limit and target holds, in a
 * very small problem: positions are looked at in the order of what a way over them costs at least. No move breaks a rule
 * or a limit, and guests may move several times. Undefined where there is none for less than `most` seconds, and where
 * none was found in the looks there are.
 */
export function cheapestWay(
  problem: Problem,
  offline: readonly Transfer[],
  most: number,
): readonly Transfer[] | undefined {
  const board = new Board(problem, offline);
  if (board.size > MOST_POSITIONS) return undefined;
  const steps = new Map<number, Step>([[0, { cost: 0, before: -1, piece: -1 }]]);
  const done = new Set<number>();
  const queue = new CheapestFirst();
  const atMost = 1000 * most;
  queue.add(0, board.leastToGo());
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    const position = queue.take();
    if (position === undefined) return undefined;
    // An end is put back into the queue once, as a negative number, with what it really costs.
    if (position < 0) return transfersTo(board, steps, -position);
    if (done.has(position)) continue;
    done.add(position);
    board.show(position);
    const { cost } = steps.get(position) ?? { cost: 0 };
    const least = board.leastToGo();
    const end = board.endPrice();
    if (end !== undefined && cost + end < atMost) queue.add(-position, cost + end);
    for (const [p, { nodes, mayReturn, price }] of board.pieces.entries()) {
      const here = board.at[p] ?? -1;
      for (let index = mayReturn ? 0 : 1; index < nodes.length; index++) {
        const to = nodes[index] ?? -1;
        if (to === here) continue;
        const next = board.after(position, p, index);
        const known = steps.get(next)?.cost ?? Number.POSITIVE_INFINITY;
        if (cost + price >= known || done.has(next) || !board.mayGo(p, to)) continue;
        const rank = cost + price + board.leastToGoAfter(least, p, to);
        if (rank >= atMost) continue;
        steps.set(next, { cost: cost + price, before: position, piece: p });
        queue.add(next, rank);
      }
    }
  }
  return undefined;
}

function transfersTo(
  board: Board,
  steps: ReadonlyMap<number, Step>,
  end: number,
): readonly Transfer[] {
  const transfers: Transfer[] = [];
  for (let position = end; position !== 0; ) {
    const { before, piece } = steps.get(position) ?? { before: 0, piece: 0 };
    const { guest } = board.pieces[piece] ?? { guest: -1 };
    board.show(position);
    const to = board.at[piece] ?? -1;
    board.show(before);
    transfers.push({ guest, from: board.at[piece] ?? -1, to });
    position = before;
  }
  return transfers.reverse();
}
