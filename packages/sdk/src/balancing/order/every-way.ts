import type { Problem } from "../search/problem.ts";
import type { Ends } from "../search/try-all.ts";
import { Board } from "./board.ts";
import { CheapestFirst } from "./cheapest-first.ts";
import { Compass } from "./compass.ts";
import type { Transfer } from "./traffic.ts";

/** What is small enough: positions there may be, which have to be told apart by a number. */
const MOST_POSITIONS = 2 ** 52;
/** Steps that are noted; more with more effort. Where at most nine guests may move, a thousand are enough as a rule. */
const MOST_STEPS = 40_000;

/** The cheapest way to a position that is known so far. */
interface Step {
  /** In thousandths of a second, from the beginning on. */
  readonly cost: number;
  readonly before: number;
  readonly piece: number;
  isDone: boolean;
}

/**
 * Finds the cheapest safe sequence of single moves to any placement in which every rule, limit and target holds, in a
 * very small problem. Positions are looked at in the order of what a way over them costs at least: to one of the ends
 * that are known, the cheapest first, or to another one. No move breaks a rule or a limit, and guests may move several
 * times. Undefined where there is no way for less than `most` seconds, and where none was found in the steps there are.
 */
export function cheapestWay(
  problem: Problem,
  offline: readonly Transfer[],
  ends: Ends,
  most: number,
): readonly Transfer[] | undefined {
  const board = new Board(problem, offline);
  return board.size > MOST_POSITIONS ? undefined : new Ways(board, problem, ends, most).find();
}

class Ways {
  readonly #board: Board;
  readonly #compass: Compass;
  /** What a way to an end that is not known costs at least. */
  readonly #leastElsewhere: number;
  readonly #most: number;
  readonly #mostSteps: number;
  readonly #steps = new Map<number, Step>();
  readonly #queue = new CheapestFirst();
  #noted = 0;

  constructor(board: Board, problem: Problem, { areAll, known }: Ends, most: number) {
    const ends = known.map((end) => board.endOf(end));
    this.#board = board;
    this.#compass = new Compass(board.pieces, ends, problem.model.nodes.length);
    this.#leastElsewhere = areAll ? Number.POSITIVE_INFINITY : 1000 * (known.at(-1)?.cost ?? 0);
    this.#most = 1000 * most;
    this.#mostSteps = MOST_STEPS * Math.max(1, problem.model.settings.effort);
  }

  find(): readonly Transfer[] | undefined {
    this.#note(0, { cost: 0, before: -1, piece: -1, isDone: false }, 0);
    while (this.#noted < this.#mostSteps) {
      const position = this.#queue.take();
      if (position === undefined) return undefined;
      // An end is put back into the queue once, as a negative number, with what it really costs.
      if (position < 0) return transfersTo(this.#board, this.#steps, -1 - position);
      const step = this.#steps.get(position);
      if (step === undefined || step.isDone) continue;
      step.isDone = true;
      this.#lookAround(position, step.cost);
    }
    return undefined;
  }

  #lookAround(position: number, cost: number): void {
    const board = this.#board;
    board.show(position);
    const end = board.endPrice();
    if (end !== undefined && cost + end < this.#most) this.#queue.add(-1 - position, cost + end);
    const least = board.leastToGo();
    this.#compass.turn(board.at);
    for (const [p, { nodes, mayReturn, price }] of board.pieces.entries()) {
      const here = board.at[p] ?? -1;
      for (let index = mayReturn ? 0 : 1; index < nodes.length; index++) {
        const to = nodes[index] ?? -1;
        if (to === here) continue;
        const next = board.after(position, p, index);
        const paid = cost + price;
        if (paid >= (this.#steps.get(next)?.cost ?? Number.POSITIVE_INFINITY)) continue;
        if (!board.mayGo(p, to)) continue;
        const elsewhere = paid + board.leastToGoAfter(least, p, to);
        const known = paid + this.#compass.after(p, here, to);
        const rank = Math.min(known, Math.max(elsewhere, this.#leastElsewhere));
        this.#note(next, { cost: paid, before: position, piece: p, isDone: false }, rank);
      }
    }
  }

  #note(position: number, step: Step, rank: number): void {
    if (rank >= this.#most) return;
    this.#steps.set(position, step);
    this.#queue.add(position, rank);
    this.#noted++;
  }
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
