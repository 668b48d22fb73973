import { Kappa4Error } from "../../contract/errors.ts";
import type { CallInfo } from "./api.ts";
import type { ProxmoxContext } from "./context.ts";
import {
  type ClusterStatusPayload,
  clusterStatusPayload,
  configuredNodesPayload,
} from "./payloads.ts";

/** A node that boots is connected with its cluster within seconds. */
const LOOKS = 4;
const PAUSE_MS = 5_000;

/**
 * Reads what the contacted node says of its cluster. While corosync does not run on it, it answers as one that has no
 * cluster does, with its own name and nobody else (`status` of PVE::API2::Cluster): the cluster's configuration tells
 * the two apart. Waits a while for such a node; throws `unavailable` when it stays so.
 */
export async function readClusterStatus(
  context: ProxmoxContext,
  info: CallInfo,
): Promise<readonly ClusterStatusPayload[]> {
  const { api, clock, connection } = context;
  for (let look = 1; ; look += 1) {
    const status = await api.get("/cluster/status", clusterStatusPayload, info);
    if (!(await isCutOff(context, status, info))) return status;
    if (look === LOOKS) {
      throw new Kappa4Error(
        "unavailable",
        `${info.operation} on "${connection}": ${status[0]?.name} belongs to a cluster and is not connected with it, so it knows of no other node; look whether corosync runs there, and try again.`,
        { context: { connector: connection, operation: info.operation } },
      );
    }
    await clock.sleep(PAUSE_MS, info.signal);
  }
}

async function isCutOff(
  { api }: ProxmoxContext,
  status: readonly ClusterStatusPayload[],
  info: CallInfo,
): Promise<boolean> {
  if (status.length === 0 || status.some(({ type }) => type === "cluster")) return false;
  const nodes = await api
    .get("/cluster/config/nodes", configuredNodesPayload, info)
    .catch((error: unknown) => {
      if (isHidden(error)) return [];
      throw error;
    });
  return nodes.length > 0;
}

function isHidden(error: unknown): boolean {
  return Kappa4Error.is(error, "permission") || Kappa4Error.is(error, "unsupported");
}
