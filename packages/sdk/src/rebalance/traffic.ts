import type { ClusterState } from "@kappa4/connectors";
import type { DriftContext } from "./drift.ts";
import type { MoveStatus } from "./events.ts";
import { isUnderWay } from "./order.ts";

/**
 * Says what the figures of a node may not show yet: the guests that are on their way to it, or have come or left
 * after the given instant (milliseconds since the epoch). A guest counts with what the plan says or what it has in use
 * by now, whichever is more.
 */
export function trafficAt(
  node: string,
  statuses: readonly MoveStatus[],
  since: number,
  guests: ClusterState["guests"] = [],
): Pick<DriftContext, "incomingBytes" | "isSettling"> {
  const usedBy = (id: MoveStatus["move"]["guest"]): number =>
    guests.find((guest) => guest.id === id)?.memory.used ?? 0;
  const isRecent = ({ endedAt }: MoveStatus): boolean =>
    endedAt !== undefined && endedAt.getTime() > since;
  const incomingBytes = statuses
    .filter(({ move }) => move.to === node)
    .filter((status) => isUnderWay(status.state) || (status.state === "done" && isRecent(status)))
    .reduce((sum, { move }) => sum + Math.max(move.memoryBytes, usedBy(move.guest)), 0);
  const isSettling = statuses.some(
    (status) => isRecent(status) && (status.move.from === node || status.move.to === node),
  );
  return { incomingBytes, isSettling };
}
