import {
  type Clock,
  type ClusterCapability,
  type ClusterState,
  Kappa4Error,
} from "@kappa4/connectors";
import type { MoveAccount, MoveChange } from "./account.ts";
import type { MoveStatus } from "./events.ts";

/** How long a guest whose move's fate is unknown is looked for, and how often. */
const LOOKS = 6;
const PAUSE_MS = 10_000;

/** What the search needs. */
export interface SettleInput {
  readonly cluster: ClusterCapability;
  readonly clock: Clock;
}

/**
 * Looks for the guests of moves whose outcome is unknown until each is found at rest, so that a run ends with
 * as little unknown as can be: on the target it has moved, on the source it has not. Nothing is sent again.
 */
export async function settleUnknown(
  { cluster, clock }: SettleInput,
  account: MoveAccount,
): Promise<void> {
  for (let look = 1; look <= LOOKS; look++) {
    const open = [...account.statuses.entries()].filter(([, { state }]) => state === "unknown");
    if (open.length === 0) return;
    const state = await readOrUndefined(cluster);
    for (const [index, status] of open) {
      if (state !== undefined) settleOne(status, state, (change) => account.set(index, change));
    }
    if (look < LOOKS) await clock.sleep(PAUSE_MS);
  }
}

function settleOne(
  { move, error }: MoveStatus,
  state: ClusterState,
  change: (change: MoveChange) => void,
): void {
  const guest = state.guests.find(({ id }) => id === move.guest);
  const node = state.nodes.find(({ name }) => name === guest?.node);
  const isAtRest = guest?.lock === null && guest.status !== "unknown" && node?.status === "online";
  if (!isAtRest || error === undefined) return;
  if (guest.node === move.to) {
    const warnings = [
      `contact was lost on the way (${error.code}); the guest was found on ${move.to}`,
    ];
    change({ state: "done", progress: 1, error: undefined, warnings });
  } else if (guest.node === move.from) {
    const message = `${move.name} is still on ${move.from} and free: the move did not happen; plan again`;
    change({ state: "failed", error: { ...error, message, outcome: "not_applied" } });
  }
}

async function readOrUndefined(cluster: ClusterCapability): Promise<ClusterState | undefined> {
  try {
    return await cluster.state();
  } catch (error) {
    if (Kappa4Error.is(error)) return undefined;
    throw error;
  }
}
