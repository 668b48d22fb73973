import type {
  Clock,
  ClusterCapability,
  ClusterState,
  MigrateResult,
  Operation,
  OperationStatus,
} from "@kappa4/connectors";
import type { Move } from "../balancing/index.ts";
import { type MoveChange, moveErrorOf } from "./account.ts";
import type { MoveError } from "./events.ts";

/** How long the truth about a move is sought after contact with it was lost, and how often. */
const PATIENCE_MS = 180_000;
const PAUSE_MS = 10_000;
/**
 * How long a guest must lie still on its source before its move counts as not made. What was accepted may not have
 * begun: a manager that works in rounds shows nothing of it for up to 20 s.
 */
const QUIET_MS = 60_000;

/** A move whose outcome is unknown. */
export interface LostMove {
  readonly move: Move;
  /** Why contact was lost. */
  readonly error: MoveError;
  /** What follows the move; undefined when already the answer to its request was lost. */
  readonly operation: Operation<MigrateResult> | undefined;
  /** Hears of the move if it turns out to go on. */
  onProgress(status: OperationStatus): void;
}

/** What the search needs. */
export interface SettleInput {
  readonly cluster: ClusterCapability;
  readonly clock: Clock;
}

/**
 * Finds out what became of a move: by following its operation again, and while that does not know, by looking at
 * the guest. At rest on the target it has moved; on the source it has not, once it has lain there long enough.
 * Returns what is to be written down; nothing when it stays unknown. Nothing is sent again.
 */
export async function settleMove(
  { cluster, clock }: SettleInput,
  lost: LostMove,
): Promise<MoveChange | undefined> {
  let heardAt = clock.now();
  let quietSince: number | undefined;
  const onProgress = (status: OperationStatus): void => {
    if (status.state === "running") heardAt = clock.now();
    lost.onProgress(status);
  };
  while (clock.now() - heardAt < PATIENCE_MS) {
    await clock.sleep(PAUSE_MS);
    const followed = await followAgain(lost.operation, onProgress);
    if (followed !== undefined) return followed;
    const place = restingPlace(lost.move, await readOrUndefined(cluster));
    if (place === lost.move.to) return found(lost);
    quietSince = place === lost.move.from ? (quietSince ?? clock.now()) : undefined;
    if (quietSince !== undefined && clock.now() - quietSince >= QUIET_MS) return notMade(lost);
  }
  return undefined;
}

async function followAgain(
  operation: LostMove["operation"],
  onProgress: LostMove["onProgress"],
): Promise<MoveChange | undefined> {
  if (operation === undefined) return undefined;
  try {
    const { warnings } = await operation.done({ onProgress });
    return { state: "done", progress: 1, error: undefined, warnings };
  } catch (thrown) {
    const error = moveErrorOf(thrown);
    return error.outcome === "unknown" ? undefined : { state: "failed", error };
  }
}

/** Where a guest is that nothing works on; undefined when that cannot be told. */
function restingPlace(move: Move, state: ClusterState | undefined): string | undefined {
  const guest = state?.guests.find(({ id }) => id === move.guest);
  const node = state?.nodes.find(({ name }) => name === guest?.node);
  const isAtRest = guest?.lock === null && guest.status !== "unknown" && node?.status === "online";
  return isAtRest ? guest.node : undefined;
}

function found({ move, error }: LostMove): MoveChange {
  const warnings = [
    `contact was lost on the way (${error.code}); the guest was found on ${move.to}`,
  ];
  return { state: "done", progress: 1, error: undefined, warnings };
}

function notMade({ move, error }: LostMove): MoveChange {
  const message = `${move.name} is still on ${move.from} and free: the move did not happen; plan again`;
  return { state: "failed", error: { ...error, message, outcome: "not_applied" } };
}

async function readOrUndefined(cluster: ClusterCapability): Promise<ClusterState | undefined> {
  try {
    return await cluster.state();
  } catch {
    // Whatever keeps the cluster from being read, the move's fate just stays as unknown as it was.
    return undefined;
  }
}
