import type { CallOptions, ClusterState, SnapshotOptions } from "../../contract/capabilities.ts";
import { Kappa4Error } from "../../contract/errors.ts";
import type { ClusterSnapshot, Guest, PoolRule, SnapshotNode } from "../../contract/snapshot.ts";
import type { CallInfo } from "./api.ts";
import { readClusterStatus } from "./cluster-status.ts";
import { type ProxmoxContext, readResources } from "./context.ts";
import { describeAll } from "./describe.ts";
import { readsAutoRebalance } from "./ha.ts";
import { haResourcesPayload, managerStatusPayload } from "./ha-payloads.ts";
import { readHaRules, viewHa } from "./ha-view.ts";
import { mapGuests, mapNodeStatus, mapNodes, mapState } from "./mapping.ts";
import {
  type ClusterStatusPayload,
  clusterOptionsPayload,
  type ResourcePayload,
  versionPayload,
} from "./payloads.ts";
import { readPressure } from "./pressure.ts";
import { withStoppedPartners } from "./stopped-partners.ts";

/** Reads the whole cluster in seven requests, whatever its size; eight on a cluster between two versions. */
export async function readSnapshot(
  context: ProxmoxContext,
  options: SnapshotOptions = {},
): Promise<ClusterSnapshot> {
  const { api, clock } = context;
  const info: CallInfo = { operation: "snapshot", signal: options.signal };
  const warnings: string[] = [];
  const orWarn = async <T>(what: string, reading: Promise<T>, otherwise: T): Promise<T> =>
    reading.catch((error: unknown) => {
      warnings.push(warningOf(what, error));
      return otherwise;
    });

  // What a node says that is not connected with its cluster is worth nothing.
  const status = await orWarn(
    "The cluster's name and quorum",
    readClusterStatus(context, info),
    [],
  );
  const [{ version }, rows, manager, haResources, options_] = await Promise.all([
    api.get("/version", versionPayload, info),
    readResources(context, info),
    orWarn(
      "HA maintenance",
      api.get("/cluster/ha/status/manager_status", managerStatusPayload, info),
      undefined,
    ),
    orWarn("HA resources", api.get("/cluster/ha/resources", haResourcesPayload, info), []),
    orWarn(
      "The cluster's options",
      api.get("/cluster/options", clusterOptionsPayload, info),
      undefined,
    ),
  ]);
  const haRules = await orWarn("HA rules", readHaRules(context, version, haResources, info), []);

  const ha = viewHa(manager, haResources);
  const guests = mapGuests(rows, ha);
  const nodes = mapNodes(rows, guests, ha).map((node) => withVersion(node, status, version));
  warnings.push(...shortcomings(rows, status));
  const snapshot: ClusterSnapshot = {
    format: "cluster-snapshot",
    version: 1,
    meta: {
      name: clusterName(context, status),
      kind: "proxmox",
      takenAt: new Date(clock.now()).toISOString(),
      // The nodes write their figures every 10 s, and two caches of 2 s lie on the way.
      loadLagMs: 15_000,
      ...(options_ === undefined ? {} : { autoRebalance: readsAutoRebalance(options_.crs) }),
      warnings,
    },
    nodes,
    guests: withStoppedPartners(guests, haRules),
    pools: poolsOf(rows),
    haRules,
    rules: [],
  };
  return withExtras(context, snapshot, options, info);
}

/** Reads where everything is, and in which cluster, in two requests; in three on a node that has no cluster. */
export async function readState(
  context: ProxmoxContext,
  options: CallOptions = {},
): Promise<ClusterState> {
  const info: CallInfo = { operation: "state", signal: options.signal };
  const status = await readClusterStatus(context, info).catch((error: unknown) => {
    warningOf("The cluster's name", error);
    return [];
  });
  return mapState(clusterName(context, status), await readResources(context, info));
}

async function withExtras(
  context: ProxmoxContext,
  snapshot: ClusterSnapshot,
  { detail, psi }: SnapshotOptions,
  info: CallInfo,
): Promise<ClusterSnapshot> {
  let { nodes, guests } = snapshot;
  const warnings = [...(snapshot.meta.warnings ?? [])];
  if (psi === true) {
    const pressure = await readPressure(context, nodes, info);
    nodes = nodes.map((node) => ({ ...node, ...pressure.nodes.get(node.name) }));
    guests = guests.map((guest) => ({ ...guest, ...pressure.guests.get(Number(guest.id)) }));
    warnings.push(...pressure.warnings);
  }
  if (detail === "full") {
    const details = await describeAll(context, guests.filter(isDescribable), info);
    const byId = new Map(details.found.map((found) => [found.id, found]));
    guests = guests.map((guest) => {
      const found = byId.get(guest.id);
      const refusedNodes = { ...guest.refusedNodes, ...found?.refusedNodes };
      return found === undefined ? guest : { ...guest, ...found, refusedNodes };
    });
    warnings.push(...details.warnings);
  }
  return { ...snapshot, nodes, guests, meta: { ...snapshot.meta, warnings } };
}

function isDescribable(guest: Guest): boolean {
  return guest.status !== "unknown" && guest.template !== true;
}

function clusterName(
  { connection }: ProxmoxContext,
  status: readonly ClusterStatusPayload[],
): string {
  // A single node has no cluster entry; its own name stands for it.
  const entry = status.find(({ type }) => type === "cluster") ?? status[0];
  return entry?.name ?? connection;
}

function withVersion(
  node: SnapshotNode,
  status: readonly ClusterStatusPayload[],
  version: string,
): SnapshotNode {
  const isAsked = status.some(
    ({ type, name, local }) => type === "node" && local && name === node.name,
  );
  return isAsked ? { ...node, pveVersion: version } : node;
}

function poolsOf(rows: readonly ResourcePayload[]): Readonly<Record<string, PoolRule>> {
  const names = rows.flatMap(({ type, pool }) =>
    type === "pool" && pool !== undefined ? [pool] : [],
  );
  return Object.fromEntries([...names].sort().map((name) => [name, {}]));
}

/** Says what the figures leave out. */
function shortcomings(
  rows: readonly ResourcePayload[],
  status: readonly ClusterStatusPayload[],
): readonly string[] {
  const nodes = rows.filter(({ type }) => type === "node");
  const hidden = nodes.filter((row) => row.status === "online" && mapNodeStatus(row) === "unknown");
  const stale = rows.filter(
    ({ type, status: state }) => ["qemu", "lxc"].includes(type) && state === "unknown",
  );
  const quorum = status.find(({ type }) => type === "cluster");
  return [
    ...(quorum !== undefined && !quorum.quorate
      ? ["The cluster has no quorum: nothing can be changed until more nodes are back."]
      : []),
    ...(hidden.length > 0
      ? [
          `No figures of ${names(hidden)}: the privilege Sys.Audit on /nodes is missing, or the node has stopped reporting.`,
        ]
      : []),
    ...(stale.length > 0
      ? [
          `${stale.length} guests have not been reported for minutes (${names(stale)}); they are counted with the figures there are and not moved.`,
        ]
      : []),
    ...(nodes.length === 0 ? ["No nodes are visible: the privilege Sys.Audit is missing."] : []),
  ];
}

function names(rows: readonly ResourcePayload[]): string {
  const all = rows.map(({ vmid, node, type }) => (type === "node" ? node : String(vmid))).sort();
  return all.length > 5
    ? `${all.slice(0, 5).join(", ")} and ${all.length - 5} more`
    : all.join(", ");
}

/** What is merely helpful may be hidden from us, or missing in this version; anything else is a failure. */
function warningOf(what: string, error: unknown): string {
  if (Kappa4Error.is(error, "permission")) {
    return `${what} could not be read: the privilege Sys.Audit on / is missing.`;
  }
  if (Kappa4Error.is(error, "unsupported")) {
    return `${what} could not be read: this version of Proxmox VE has no such call.`;
  }
  throw error;
}
