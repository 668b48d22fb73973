import type { Placement } from "../search/placement.ts";
import type { Schedule } from "./order.ts";
import type { Transfer } from "./traffic.ts";

/** A placement with a safe way to it. */
export interface Settlement {
  readonly placement: Placement;
  readonly waves: Schedule["waves"];
  /** Units that should have moved and found no safe way. */
  readonly stranded: ReadonlySet<number>;
  /** By guest: its node in the end. */
  readonly at: Int32Array;
}

/** Puts a placement and the way to it together. */
export function settled(
  placement: Placement,
  waves: Schedule["waves"],
  stranded: ReadonlySet<number>,
): Settlement {
  const at = placement.problem.model.home.slice();
  for (const { guest, to } of waves.flat()) at[guest] = to;
  return { placement, waves, stranded, at };
}

/** Whether a placement leaves no rule broken that could hold, and no load outside of its window. */
export function reachesGoals({ broken, loads }: Placement): boolean {
  return broken === 0 && loads.gapSeconds() === 0;
}

/** Cost with the moves that do not lead anywhere by themselves. */
export function totalSeconds({ placement, waves }: Settlement): number {
  const { guestSeconds } = placement.problem;
  const sum = (transfers: readonly Transfer[]): number =>
    transfers.reduce((all, { guest }) => all + (guestSeconds[guest] ?? 0), 0);
  return placement.cost + sum(waves.flat()) - sum(transfersOf(placement));
}

/** The transfers that lead from the snapshot to a placement. */
export function transfersOf(placement: Placement): readonly Transfer[] {
  const { model, units } = placement.problem;
  return units.all.flatMap(({ members }, u) => {
    const to = placement.at[u] ?? -1;
    if (to < 0) return [];
    return members
      .filter((g) => model.home[g] !== to && model.fixed[g] === undefined)
      .map((guest) => ({ guest, from: model.home[guest] ?? -1, to }));
  });
}
