import type { ChangeResult, ClusterState, Operation } from "@kappa4/connectors";
import type { RunContext } from "../actions/context.ts";
import { moveErrorOf } from "../rebalance/account.ts";
import type { MoveError } from "../rebalance/events.ts";
import type { PowerChange } from "./power.ts";

/** How long the truth about a change is sought after contact with it was lost, and how often. */
const PATIENCE_MS = 300_000;
const PAUSE_MS = 10_000;
/** How long an instance must be at rest as it was before a change counts as not made: what was accepted may not have begun. */
const QUIET_MS = 60_000;
/** The same for one that was asked to stop by itself, which takes its time and shows nothing of it. */
const GRACE_MS = 240_000;

/** What became of a change of power that nobody saw the end of. */
export type PowerFate =
  | { readonly made: ChangeResult }
  | { readonly failed: MoveError }
  /** The instance stays in this state: the change was not made. */
  | { readonly stays: Status }
  | "unknown";

type Status = "running" | "stopped" | "paused";

/**
 * Finds out what became of a change: by following its operation again, and while that does not know, by looking at the
 * instance until it is certain. How an instance is says nothing of a restart. Nothing is sent.
 */
export async function settlePower(
  context: RunContext,
  change: PowerChange,
  operation?: Operation<ChangeResult> | undefined,
): Promise<PowerFate> {
  const { verb, mode } = change;
  if (verb === "restart" && operation === undefined) return "unknown";
  const wanted = { start: "running", stop: "stopped", restart: undefined }[verb];
  const quietMs = verb === "stop" && mode !== "force" ? GRACE_MS : QUIET_MS;
  const { clock, signal } = context;
  let heardAt = clock.now();
  let quietSince: number | undefined;
  const heard = (): void => {
    heardAt = clock.now();
  };
  while (clock.now() - heardAt < PATIENCE_MS) {
    await clock.sleep(PAUSE_MS, signal);
    const followed = operation && (await followAgain(operation, heard));
    if (followed !== undefined) return followed;
    if (wanted === undefined) continue;
    const status = restingStatus(await readOrUndefined(context), change);
    if (status === wanted) return { made: { changed: true } };
    quietSince = status === undefined ? undefined : (quietSince ?? clock.now());
    const isCertain = quietSince !== undefined && clock.now() - quietSince >= quietMs;
    if (status !== undefined && isCertain) return { stays: status };
  }
  return "unknown";
}

async function followAgain(
  operation: Operation<ChangeResult>,
  heard: () => void,
): Promise<PowerFate | undefined> {
  try {
    const made = await operation.done({
      onProgress: ({ state }) => {
        if (state === "running") heard();
      },
    });
    return { made };
  } catch (thrown) {
    const failed = moveErrorOf(thrown);
    return failed.outcome === "unknown" ? undefined : { failed };
  }
}

/** How an instance is that nothing works on; undefined when that cannot be told, or its id is another one's by now. */
function restingStatus(
  state: ClusterState | undefined,
  { guest: id, name }: PowerChange,
): Status | undefined {
  const guest = state?.guests.find((one) => one.id === id && one.name === name);
  const node = state?.nodes.find(({ name }) => name === guest?.node);
  const isAtRest = guest?.lock === null && node?.status === "online";
  return isAtRest && guest.status !== "unknown" ? guest.status : undefined;
}

async function readOrUndefined({
  systems,
  connection,
  signal,
}: RunContext): Promise<ClusterState | undefined> {
  try {
    return await (await systems.cluster(connection)).state({ signal });
  } catch {
    signal?.throwIfAborted();
    // Whatever keeps the cluster from being read, the fate of the change just stays as unknown as it was.
    return undefined;
  }
}
