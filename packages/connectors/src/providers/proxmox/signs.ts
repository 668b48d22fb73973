import type { SeenGuest } from "./context.ts";
import type { ResourcePayload } from "./payloads.ts";

/** Whether a node is in the cluster right now. */
export function isOnline(rows: readonly ResourcePayload[], name: string): boolean {
  return rows.some(
    ({ type, node, status }) => type === "node" && node === name && status === "online",
  );
}

/** Whether the HA manager is moving a guest, or is about to. */
export function isInHaMotion({ row }: Pick<SeenGuest, "row">): boolean {
  return row.hastate === "migrate" || row.hastate === "relocate";
}

/** What keeps others off a guest: its lock, or what the HA manager is about to do and has not locked it for yet. */
export function lockOf({ row }: Pick<SeenGuest, "row">): string | null {
  return row.lock ?? (isInHaMotion({ row }) ? (row.hastate ?? null) : null);
}

/** Whether something works on a guest right now; what a lost node last said does not count. */
export function isMoving(guest: SeenGuest): boolean {
  const { status, lock } = guest.row;
  return status !== "unknown" && (lock !== undefined || isInHaMotion(guest));
}
