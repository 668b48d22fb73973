import type { RiskFacts } from "../approvals/index.ts";
import type { RebalancePlan } from "../balancing/index.ts";

/**
 * What people approve of a plan: which guests move from where to where, in which order and how, in which cluster.
 * Figures of load are no part of it: they differ from minute to minute, and the plan stays the same.
 */
export function bindingOf({ cluster, moves }: RebalancePlan): unknown {
  return {
    cluster,
    moves: moves.map(({ guest, name, type, from, to, mode, wave }) => ({
      guest,
      name,
      type,
      from,
      to,
      mode,
      wave,
    })),
  };
}

/** What a plan's risk class follows from. */
export function riskOfMoves({ moves, maintenanceNodes = [] }: RebalancePlan): RiskFacts {
  return {
    kind: "moves",
    count: moves.length,
    touchesProtected: false,
    isDrain: maintenanceNodes.length > 0,
  };
}
