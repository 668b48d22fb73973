import type { Model } from "../model/model.ts";
import { followWishes } from "../search/follow-wishes.ts";
import { level, type Step } from "../search/level.ts";
import { Placement } from "../search/placement.ts";
import type { Problem } from "../search/problem.ts";
import { cheapestEdges, setWindows } from "../search/windows.ts";
import { gibibytes } from "../telling/words.ts";
import { arrange } from "./settle.ts";
import type { Settlement } from "./settlement.ts";
import type { Transfer } from "./traffic.ts";

/** Says which allowance the waves of a plan do not keep to; undefined when they keep to all. */
export function exceededAllowance(
  problem: Problem,
  waves: readonly (readonly Transfer[])[],
): string | undefined {
  const { maxMoves, maxMoveBytes, maxSeconds } = problem.model.settings;
  let moves = 0;
  let bytes = 0;
  let seconds = 0;
  for (const wave of waves) {
    moves += wave.length;
    for (const { guest } of wave) bytes += bytesOf(problem.model, guest);
    seconds += Math.max(0, ...wave.map(({ guest }) => problem.guestSeconds[guest] ?? 0));
  }
  if (moves > maxMoves) return movesUsedUp(maxMoves);
  if (bytes > maxMoveBytes) return `the ${gibibytes(maxMoveBytes)} allowed to travel are used up`;
  if (seconds > maxSeconds) return `the ${maxSeconds / 60} minutes allowed are used up`;
  return undefined;
}

function movesUsedUp(allowed: number): string {
  if (allowed === 0) return "no moves are allowed";
  return allowed === 1
    ? "the 1 move allowed is used up"
    : `the ${allowed} moves allowed are used up`;
}

/**
 * Makes do with less when levelling and wishes take more than is allowed: the repairs stay, and then come the moves that
 * gain most, per second and per move, and last those that follow wishes, as many as are allowed. Returns both ways.
 */
export function keepToAllowance(
  problem: Problem,
  repairs: Settlement,
  offline: readonly Transfer[],
): readonly Settlement[] {
  return (["second", "move"] as const).map((gainPer) => {
    const placement = placementOf(problem, repairs, []);
    const steps = [...level(placement, gainPer), ...followWishes(placement, gainPer)];
    return asManyAsAllowed(problem, repairs, steps, offline);
  });
}

/** As many of the steps, from the first on, as are allowed. */
function asManyAsAllowed(
  problem: Problem,
  repairs: Settlement,
  steps: readonly Step[],
  offline: readonly Transfer[],
): Settlement {
  let best = repairs;
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const { found } = arrange(placementOf(problem, repairs, steps.slice(0, middle)), offline);
    if (exceededAllowance(problem, found.waves) === undefined) {
      best = found;
      low = middle;
    } else high = middle - 1;
  }
  return best;
}

function placementOf(problem: Problem, repairs: Settlement, steps: readonly Step[]): Placement {
  const placement = new Placement({ ...problem, mobile: problem.mobile.slice() });
  setWindows(placement, cheapestEdges(problem));
  repairs.placement.at.forEach((node, u) => {
    placement.move(u, node);
  });
  for (const { u, to } of steps) placement.move(u, to);
  return placement;
}

/** Bytes that travel with a guest: memory in use where it runs, and disks on storages of its node's own. */
function bytesOf({ guests, counts, resources }: Model, g: number): number {
  const memory = counts[g] === 1 ? (guests[g]?.memory.used ?? 0) : 0;
  return memory + (resources.storages.bytes[g] ?? 0);
}
