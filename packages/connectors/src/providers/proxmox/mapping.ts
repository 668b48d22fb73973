import type { ClusterState } from "../../contract/capabilities.ts";
import type { Guest, NodeStorage, SnapshotNode } from "../../contract/snapshot.ts";
import { guestsOf, type SeenGuest } from "./context.ts";
import { splitList } from "./fields.ts";
import type { ResourcePayload } from "./payloads.ts";
import { lockOf } from "./signs.ts";

/** What the HA manager knows, as far as it could be read. */
export interface HaView {
  /** Nodes that HA empties. */
  readonly maintenance: ReadonlySet<string>;
  /** State asked for, and whether the cluster's own balancer may move it, by sid. */
  readonly resources: ReadonlyMap<
    string,
    { readonly state: string; readonly autoRebalance?: boolean | undefined }
  >;
}

/** Maps the rows of guests, sorted by number. */
export function mapGuests(rows: readonly ResourcePayload[], ha: HaView): readonly Guest[] {
  return guestsOf(rows)
    .map((guest) => mapGuest(guest, ha))
    .sort((a, b) => Number(a.id) - Number(b.id));
}

/** Maps the rows of nodes and storages, sorted by name. What the guests use is taken off to find the nodes' own use. */
export function mapNodes(
  rows: readonly ResourcePayload[],
  guests: readonly Guest[],
  ha: HaView,
): readonly SnapshotNode[] {
  const storages = storagesByNode(rows);
  const load = new Map<string, { cpu: number; memory: number }>();
  for (const { node, cpu, memory } of guests) {
    const sum = load.get(node) ?? { cpu: 0, memory: 0 };
    sum.cpu += cpu.used * cpu.cores;
    sum.memory += memory.used;
    load.set(node, sum);
  }
  return nodeRows(rows).map(([name, row]) => {
    const cores = row.maxcpu ?? 0;
    const cpuUsed = (row.cpu ?? 0) * cores;
    const memoryUsed = row.mem ?? 0;
    const own = load.get(name) ?? { cpu: 0, memory: 0 };
    const reports = row.maxmem !== undefined;
    return {
      name,
      status: mapNodeStatus(row),
      maintenance: ha.maintenance.has(name) || row.hastate === "maintenance",
      ignored: false,
      ...(row["host-arch"] === undefined ? {} : { cpuGroup: row["host-arch"] }),
      cpu: { cores, used: cpuUsed },
      memory: { total: row.maxmem ?? 0, used: memoryUsed },
      disk: { total: row.maxdisk ?? 0, used: row.disk ?? 0 },
      // Below zero when figures of different age meet; kept, so that a node's use is base and guests together.
      base: reports
        ? { cpu: cpuUsed - own.cpu, memory: memoryUsed - own.memory }
        : { cpu: 0, memory: 0 },
      storages: storages.get(name) ?? [],
    };
  });
}

/** Maps rows to the small answer: places, locks and states. */
export function mapState(name: string, rows: readonly ResourcePayload[]): ClusterState {
  const none: HaView = { maintenance: new Set(), resources: new Map() };
  return {
    name,
    nodes: nodeRows(rows).map(([name, row]) => ({
      name,
      status: mapNodeStatus(row),
      maintenance: row.hastate === "maintenance",
      memory: { total: row.maxmem ?? 0, used: row.mem ?? 0 },
    })),
    guests: mapGuests(rows, none).map(({ id, name, type, node, status, lock, memory }) => ({
      id,
      name,
      type,
      node,
      status,
      lock,
      memory,
    })),
  };
}

/** An online node whose figures are hidden or stale cannot be planned with, so it counts as unknown. */
export function mapNodeStatus(row: ResourcePayload): SnapshotNode["status"] {
  if (row.status === "offline") return "offline";
  return row.status === "online" && row.maxmem !== undefined ? "online" : "unknown";
}

function mapGuest({ vmid, type, node, row }: SeenGuest, ha: HaView): Guest {
  const sid = `${type === "qemu" ? "vm" : "ct"}:${vmid}`;
  const resource = ha.resources.get(sid);
  const state = row.hastate === "ignored" ? undefined : (row.hastate ?? resource?.state);
  const cores = row.maxcpu ?? 0;
  const diskTotal = row.maxdisk ?? 0;
  return {
    id: vmid,
    name: row.name ?? `${type === "qemu" ? "VM " : "CT"}${vmid}`,
    type,
    node,
    status: mapGuestStatus(row.status),
    cpu: { cores, used: Math.max(0, row.cpu ?? 0) },
    // On the node a VM takes up more than it sees itself, so the host's figure wins where there is one.
    memory: { total: row.maxmem ?? 0, used: Math.max(0, row.memhost ?? row.mem ?? 0) },
    // The list never says what a VM has written; what it may write is the safe figure.
    disk: { total: diskTotal, used: type === "qemu" ? diskTotal : (row.disk ?? 0) },
    tags: splitList(row.tags),
    pool: row.pool ?? null,
    ha: state === undefined ? null : { state, autoRebalance: resource?.autoRebalance },
    localResources: [],
    lock: lockOf({ row }),
    ...(row.template ? { template: true } : {}),
  };
}

/** A state that is not known here is one not to touch. */
function mapGuestStatus(status: string | undefined): Guest["status"] {
  if (status === "running" || status === "stopped") return status;
  return status === "paused" || status === "suspended" || status === "prelaunch"
    ? "paused"
    : "unknown";
}

function nodeRows(
  rows: readonly ResourcePayload[],
): readonly (readonly [string, ResourcePayload])[] {
  return rows
    .flatMap((row) =>
      row.type === "node" && row.node !== undefined ? [[row.node, row] as const] : [],
    )
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function storagesByNode(rows: readonly ResourcePayload[]): ReadonlyMap<string, NodeStorage[]> {
  const byNode = new Map<string, NodeStorage[]>();
  for (const { type, storage, node, status, shared, maxdisk, disk } of rows) {
    if (type !== "storage" || storage === undefined || node === undefined) continue;
    if (status !== "available") continue;
    const list = byNode.get(node) ?? [];
    list.push({ id: storage, shared, total: maxdisk ?? 0, used: disk ?? 0 });
    byNode.set(node, list);
  }
  for (const list of byNode.values()) list.sort((a, b) => (a.id < b.id ? -1 : 1));
  return byNode;
}
