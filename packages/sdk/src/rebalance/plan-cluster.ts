import type {
  Clock,
  ClusterCapability,
  ClusterSnapshot,
  GuestDetail,
  GuestId,
  SnapshotOptions,
} from "@kappa4/connectors";
import type { RebalancePlan } from "../balancing/index.ts";
import type { Engine } from "../engine-thread.ts";
import type { Levelling } from "../settings/levelling.ts";
import { checkNode } from "./what-if-changes.ts";

/** What planning needs. */
export interface PlanContext {
  readonly cluster: ClusterCapability;
  readonly clock: Clock;
  readonly engine: Engine;
}

/** A plan and the snapshot it was made from. */
export interface PlannedCluster {
  readonly plan: RebalancePlan;
  readonly snapshot: ClusterSnapshot;
}

/** After so many rounds every guest is described at once: one more round then is the last. */
const MAX_ROUNDS = 12;

/**
 * Reads a cluster and plans. Guests are described only once the plan wants to move them: a cluster of
 * thousands costs a constant number of requests plus one or two per guest that some round wanted to move, and the
 * plan that comes out knows the disks and devices of every guest it touches.
 */
export async function planCluster(
  { cluster, clock, engine }: PlanContext,
  options: Levelling & { readonly signal?: AbortSignal | undefined } = {},
): Promise<PlannedCluster> {
  const { signal, keptEmpty: _, ...rebalance } = options;
  const asked = new Set<GuestId>();
  let snapshot = await readCluster(cluster, options);
  let seconds = 0;
  for (let round = 1; ; round++) {
    const startedAt = clock.now();
    const plan = await engine.run("planRebalance", [snapshot, rebalance], signal);
    seconds += (clock.now() - startedAt) / 1000;
    const moved = new Set(plan.moves.map(({ guest }) => guest));
    const wanted = snapshot.guests
      .filter(({ id, volumes }) => volumes === undefined && !asked.has(id))
      .filter(({ id }) => moved.has(id) || (round >= MAX_ROUNDS && moved.size > 0))
      .map(({ id }) => id);
    if (wanted.length === 0) return { plan: { ...plan, seconds }, snapshot };
    for (const id of wanted) asked.add(id);
    const details = await cluster.describeGuests(wanted, { signal, snapshot });
    snapshot = withDetails(snapshot, details);
  }
}

/**
 * Reads a cluster for planning. Throws `not_found` when the options name a node that is not there: a drain
 * of a misspelt node would look like a plan with nothing to drain. One that has left the cluster since it was put into
 * maintenance is told of by the plan.
 */
export async function readCluster(
  cluster: ClusterCapability,
  options: Levelling & SnapshotOptions,
): Promise<ClusterSnapshot> {
  const { signal, detail, mode, keptEmpty = [] } = options;
  const { maintenanceNodes = [], ignoreNodes = [] } = options;
  const snapshot = await cluster.snapshot({ signal, detail, psi: mode === "psi" });
  const names = snapshot.nodes.map(({ name }) => name);
  for (const node of maintenanceNodes) {
    if (!keptEmpty.includes(node)) checkNode(snapshot, names, node, " to empty");
  }
  for (const node of ignoreNodes) checkNode(snapshot, names, node, " to leave alone");
  return snapshot;
}

/** Puts what was read of single guests into a snapshot. */
export function withDetails(
  snapshot: ClusterSnapshot,
  details: readonly GuestDetail[],
): ClusterSnapshot {
  const byId = new Map(details.map((detail) => [detail.id, detail]));
  const guests = snapshot.guests.map((guest) => {
    const detail = byId.get(guest.id);
    const refusedNodes = { ...guest.refusedNodes, ...detail?.refusedNodes };
    return detail === undefined ? guest : { ...guest, ...detail, refusedNodes };
  });
  return { ...snapshot, guests };
}
