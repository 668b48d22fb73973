import type { DriftContext } from "./drift.ts";
import type { MoveStatus } from "./events.ts";
import { isUnderWay } from "./order.ts";

/**
 * Says what the figures of a node may not show yet: the guests that are on their way to it, or have come or left
 * after the given instant (milliseconds since the epoch).
 */
export function trafficAt(
  node: string,
  statuses: readonly MoveStatus[],
  since: number,
): Pick<DriftContext, "incomingBytes" | "isSettling"> {
  const isRecent = ({ endedAt }: MoveStatus): boolean =>
    endedAt !== undefined && endedAt.getTime() > since;
  const incomingBytes = statuses
    .filter(({ move }) => move.to === node)
    .filter((status) => isUnderWay(status.state) || (status.state === "done" && isRecent(status)))
    .reduce((sum, { move }) => sum + move.memoryBytes, 0);
  const isSettling = statuses.some(
    (status) => isRecent(status) && (status.move.from === node || status.move.to === node),
  );
  return { incomingBytes, isSettling };
}
