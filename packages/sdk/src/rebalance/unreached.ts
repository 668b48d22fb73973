import type { ClusterSnapshot } from "@kappa4/connectors";
import {
  type Conflict,
  informs,
  type RebalanceOptions,
  type RebalancePlan,
} from "../balancing/index.ts";

/**
 * Lists what was asked for and is not reached: the nodes to be emptied that still hold guests, as the cluster is
 * now, and what the plan itself could not reach. Templates do not count: they run nowhere.
 */
export function listUnreached(
  plan: RebalancePlan,
  { nodes, guests }: Pick<ClusterSnapshot, "nodes" | "guests">,
  { maintenanceNodes = [] }: Pick<RebalanceOptions, "maintenanceNodes">,
): readonly Conflict[] {
  const drained = nodes.filter(({ name, maintenance }) => {
    return maintenance || maintenanceNodes.includes(name);
  });
  const held = drained.flatMap(({ name }): readonly Conflict[] => {
    const left = guests.filter(({ node, template }) => node === name && template !== true);
    if (left.length === 0) return [];
    const who = left.map((guest) => `${guest.name} (${guest.id})`);
    const verb = left.length === 1 ? "is" : "are";
    const message = `${name} is not empty: ${listed(who)} ${verb} still on it.`;
    const ids = left.map(({ id }) => id);
    return [{ code: "drain-blocked", rules: [], guests: ids, node: name, message }];
  });
  const others = plan.conflicts.filter((conflict) => {
    return conflict.code !== "drain-blocked" && !informs(conflict);
  });
  return [...held, ...others];
}

/** Says up to ten by name: whoever is about to switch a node off must not have to look for them. */
function listed(who: readonly string[]): string {
  if (who.length > 10) return `${who.slice(0, 10).join(", ")} and ${who.length - 10} more`;
  return who.length < 2 ? who.join("") : `${who.slice(0, -1).join(", ")} and ${who.at(-1)}`;
}
