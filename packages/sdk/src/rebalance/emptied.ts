import type { ClusterSnapshot, Guest, GuestId } from "@kappa4/connectors";
import type { RebalancePlan } from "../balancing/index.ts";

/**
 * Writes into a plan which nodes it empties, whatever it said of that before: those that it takes guests off and that
 * are to be empty, by the plan, by people or by the cluster itself, and those on which it leaves nothing running. Guests
 * that leave by other plans count as gone, and none that may come by one as there.
 */
export function withEmptied(
  { emptiedNodes: _, ...plan }: RebalancePlan,
  { nodes, guests }: Pick<ClusterSnapshot, "nodes" | "guests">,
  maintenanceNodes: readonly string[] = [],
  leaving: ReadonlySet<GuestId> = new Set(),
): RebalancePlan {
  const marked = nodes.filter(({ maintenance }) => maintenance).map(({ name }) => name);
  const toEmpty = [...(plan.maintenanceNodes ?? []), ...maintenanceNodes, ...marked];
  const places = new Map(plan.moves.map(({ guest, to }) => [guest, to]));
  const moved = guests.flatMap((guest) => {
    const node = places.get(guest.id) ?? (leaving.has(guest.id) ? undefined : guest.node);
    return node === undefined ? [] : [{ ...guest, node }];
  });
  const left = [...new Set(plan.moves.map(({ from }) => from))].sort();
  const emptiedNodes = left.filter(
    (node) => toEmpty.includes(node) || isLeftEmpty(node, guests, moved),
  );
  return emptiedNodes.length === 0 ? plan : { ...plan, emptiedNodes };
}

/** A node whose guests are all stopped is empty once they are gone as well. */
function isLeftEmpty(node: string, before: readonly Guest[], after: readonly Guest[]): boolean {
  const were = guestsOn(node, before);
  const are = guestsOn(node, after);
  return were.some(isAwake) ? !are.some(isAwake) : were.length > 0 && are.length === 0;
}

/** Templates run nowhere. */
function guestsOn(node: string, guests: readonly Guest[]): readonly Guest[] {
  return guests.filter((guest) => guest.node === node && guest.template !== true);
}

function isAwake({ status }: Guest): boolean {
  return status !== "stopped";
}
