import type { RebalancePlan } from "./plan.ts";

/**
 * Tells whether a plan takes guests off a node that is to be empty, or leaves one empty. While such a node is empty already, what else a plan
 * moves is no drain.
 */
export function emptiesNode({
  moves,
  maintenanceNodes = [],
  emptiedNodes = [],
}: Pick<RebalancePlan, "moves" | "maintenanceNodes" | "emptiedNodes">): boolean {
  if (emptiedNodes.length > 0) return true;
  return moves.some(
    ({ from, reasons }) =>
      maintenanceNodes.includes(from) || reasons.some(({ code }) => code === "drain-maintenance"),
  );
}
