import { type ClusterState, Kappa4Error } from "@kappa4/connectors";
import type { RunContext } from "../actions/context.ts";
import type { PowerChange } from "./power.ts";

/** How long the truth about a change is sought after contact with it was lost, and how often. */
const PATIENCE_MS = 300_000;
const PAUSE_MS = 10_000;
/** How long an instance must be at rest as it was before a change counts as not made: what was accepted may not have begun. */
const QUIET_MS = 60_000;

/**
 * Finds out what became of a change that an earlier process was about to hand over, by looking at the instance until
 * it is certain. Throws `unavailable` with outcome `unknown` when that cannot be told, as for every restart.
 */
export async function settlePower(
  context: RunContext,
  { verb, guest, name }: PowerChange,
): Promise<"made" | "not made"> {
  if (verb === "restart") throw lost(name);
  const wanted = verb === "start" ? "running" : "stopped";
  const { clock, signal } = context;
  const since = clock.now();
  let quietSince: number | undefined;
  while (clock.now() - since < PATIENCE_MS) {
    await clock.sleep(PAUSE_MS, signal);
    const status = restingStatus(await readOrUndefined(context), guest);
    if (status === wanted) return "made";
    quietSince = status === undefined ? undefined : (quietSince ?? clock.now());
    if (quietSince !== undefined && clock.now() - quietSince >= QUIET_MS) return "not made";
  }
  throw lost(name);
}

/** How an instance is that nothing works on; undefined when that cannot be told. */
function restingStatus(
  state: ClusterState | undefined,
  id: PowerChange["guest"],
): "running" | "stopped" | "paused" | undefined {
  const guest = state?.guests.find((one) => one.id === id);
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

function lost(name: string): Kappa4Error {
  const message = `The process that was to change ${name} ended before the answer came, and nobody can tell whether it was done; look at it before you ask again.`;
  return new Kappa4Error("unavailable", message, { outcome: "unknown" });
}
