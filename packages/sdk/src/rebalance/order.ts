import type { Move } from "../balancing/index.ts";
import type { MoveState } from "./events.ts";

/** Limits on moves under way at the same time. */
export interface ParallelLimits {
  readonly maxParallel: number;
  readonly maxInflowPerNode: number;
  readonly maxOutflowPerNode: number;
}

/** A move whose fate is unknown may go on: until that is known it takes up the room of one that does. */
export const isUnderWay = (state: MoveState | undefined): boolean =>
  state === "running" || state === "unknown";

/**
 * Returns the indexes of the moves that may start now. Waves hold per node: a move waits for the moves of
 * earlier waves that touch its source, its target or its guest, and for no others, so every node goes through
 * the loads that the plan foresaw, in that order, while a slow move elsewhere holds nothing up.
 */
export function nextMoves(
  moves: readonly Move[],
  states: readonly MoveState[],
  limits: ParallelLimits,
): readonly number[] {
  const inflow = new Map<string, number>();
  const outflow = new Map<string, number>();
  let parallel = 0;
  const count = (move: Move): void => {
    parallel++;
    inflow.set(move.to, (inflow.get(move.to) ?? 0) + 1);
    outflow.set(move.from, (outflow.get(move.from) ?? 0) + 1);
  };
  moves.forEach((move, index) => {
    if (isUnderWay(states[index])) count(move);
  });
  const next: number[] = [];
  for (const [index, move] of moves.entries()) {
    if (states[index] !== "waiting") continue;
    if (parallel >= limits.maxParallel) break;
    if ((inflow.get(move.to) ?? 0) >= limits.maxInflowPerNode) continue;
    if ((outflow.get(move.from) ?? 0) >= limits.maxOutflowPerNode) continue;
    if (!isFree(move, moves, states)) continue;
    count(move);
    next.push(index);
  }
  return next;
}

/**
 * Returns the index of the failed move that a waiting move cannot do without: one that was to leave its
 * target, or an earlier move of the same guest. Undefined when there is none.
 */
export function findMissingStep(
  move: Move,
  moves: readonly Move[],
  states: readonly MoveState[],
): number | undefined {
  const index = moves.findIndex((earlier, at) => {
    if (earlier.wave >= move.wave) return false;
    const state = states[at];
    if (state !== "failed" && state !== "skipped") return false;
    return earlier.from === move.to || earlier.guest === move.guest;
  });
  return index === -1 ? undefined : index;
}

function isFree(move: Move, moves: readonly Move[], states: readonly MoveState[]): boolean {
  const nodes = new Set([move.from, move.to]);
  return moves.every((earlier, at) => {
    const isToCome = isUnderWay(states[at]) || states[at] === "waiting";
    if (earlier.wave >= move.wave || !isToCome) return true;
    return earlier.guest !== move.guest && !nodes.has(earlier.from) && !nodes.has(earlier.to);
  });
}
