import type { RiskFacts } from "../approvals/index.ts";
import { emptiesNode, type RebalancePlan } from "../balancing/index.ts";

/**
 * What people approve of a plan: which guests move from where to where, in which order and how, in which cluster,
 * which of them are protected, which nodes that empties, and by which limits and how many at a time: whatever an apply keeps to. Figures of load
 * are no part of it: they differ from minute to minute, and the plan stays the same.
 */
export function bindingOf(plan: RebalancePlan): unknown {
  const { cluster, moves, protectedGuests = [], emptiedNodes } = plan;
  const { method, mode, limits, parallel, maintenanceNodes, ignoreNodes } = plan;
  return {
    cluster,
    ...{ method, mode, limits, parallel, maintenanceNodes, ignoreNodes, emptiedNodes },
    ...(protectedGuests.length === 0 ? {} : { protectedGuests }),
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
export function riskOfMoves(plan: RebalancePlan): RiskFacts {
  const { moves, protectedGuests = [] } = plan;
  return {
    kind: "moves",
    count: moves.length,
    touchesProtected: protectedGuests.length > 0,
    isDrain: emptiesNode(plan),
  };
}
