import { level } from "./construct.ts";
import { type Schedule, schedule } from "./order.ts";
import type { Placement } from "./placement.ts";
import type { Transfer } from "./traffic.ts";

/** How often units without a safe way are left out and the rest is planned again. */
const ATTEMPTS = 12;

/** A placement with a safe way to it. */
export interface Settlement {
  readonly waves: Schedule["waves"];
  /** Units that should have moved and found no safe way. */
  readonly stranded: ReadonlySet<number>;
  /** By guest: its node in the end. */
  readonly at: Int32Array;
}

/**
 * Finds a safe order for a placement and the transfers of stopped guests. Units for which there is none stay
 * at home, whole: the rest is levelled again without them and ordered again.
 */
export function settle(placement: Placement, offline: readonly Transfer[]): Settlement {
  const { model, units, mobile } = placement.problem;
  const stranded = new Set<number>();
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { waves, dropped } = schedule(placement, [...transfersOf(placement), ...offline]);
    if (dropped.length === 0) return { waves, stranded, at: endOf(model.home, waves) };
    for (const { guest } of dropped) {
      const u = units.of[guest] ?? -1;
      if (u < 0) continue;
      stranded.add(u);
      mobile[u] = 0;
      placement.move(u, units.all[u]?.home ?? -1);
    }
    level(placement);
  }
  return { waves: [], stranded, at: model.home.slice() };
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

function endOf(home: Int32Array, waves: Schedule["waves"]): Int32Array {
  const at = home.slice();
  for (const { guest, to } of waves.flat()) at[guest] = to;
  return at;
}
