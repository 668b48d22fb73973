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
 * the two apart. Goes to the next address for that, and waits a while when none is better; throws `unavailable` when it
 * stays so.
 */
export async function readClusterStatus(
  context: ProxmoxContext,
  info: CallInfo,
): Promise<readonly ClusterStatusPayload[]> {
  const { clock, connection } = context;
  for (let look = 1; ; look += 1) {
    const { status, isCutOff } = await askInTurn(context, info);
    if (!isCutOff) return status;
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

/** Asks one address after the other, until one of them knows its cluster; returns the last answer when none does. */
async function askInTurn(
  context: ProxmoxContext,
  info: CallInfo,
): Promise<{ readonly status: readonly ClusterStatusPayload[]; readonly isCutOff: boolean }> {
  const { api } = context;
  const asked = new Set<string>();
  while (true) {
    const { data: status, baseUrl } = await api.getFrom(
      "/cluster/status",
      clusterStatusPayload,
      info,
    );
    if (!(await speaksAlone(context, status, info))) return { status, isCutOff: false };
    // Those between it and the next one did not answer.
    if (asked.has(baseUrl)) return { status, isCutOff: true };
    asked.add(baseUrl);
    if (asked.has(api.leave(baseUrl))) return { status, isCutOff: true };
  }
}

/** Whether an answer is that of a node that belongs to a cluster and is not connected with it. */
async function speaksAlone(
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
