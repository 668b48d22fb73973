import type { Call } from "../api/operation.ts";
import { serviceRowState } from "../ha/words.ts";
import type { Cluster } from "../state/cluster.ts";
import { isTemplate, lockOf, volumesOf } from "../state/config.ts";
import type { Guest, Node, Storage } from "../state/types.ts";

/** An entry of an answer. */
export type Row = Record<string, unknown>;

/** Service id of a guest. */
export function sidOf(guest: Guest): string {
  return `${guest.kind === "lxc" ? "ct" : "vm"}:${guest.vmid}`;
}

/** Vmid to the name of its pool. */
export function poolNames(cluster: Cluster): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const pool of cluster.pools.values()) for (const id of pool.guests) names.set(id, pool.id);
  return names;
}

/**
 * A guest as `/cluster/resources` shows it: placement, lock and tags are fresh, figures are not, and are missing where
 * its node tells the contacted one nothing.
 */
export function guestRow(
  cluster: Cluster,
  guest: Guest,
  pool: string | undefined,
  isHeardOf = true,
): Row {
  const row: Row = {
    id: `${guest.kind}/${guest.vmid}`,
    vmid: guest.vmid,
    node: guest.node,
    type: guest.kind,
    status: "unknown",
  };
  const sample = isHeardOf ? cluster.statistics.guest(guest.vmid) : undefined;
  if (sample) {
    row.name = sample.name;
    row.status = sample.status;
    row.template = sample.template;
    row.uptime = sample.uptime;
    row.maxcpu = sample.maxcpu;
    row.cpu = sample.cpu;
    row.maxmem = sample.maxmem;
    row.mem = sample.mem;
    row.maxdisk = sample.maxdisk;
    row.disk = sample.disk;
    Object.assign(row, sample.traffic);
    if (guest.kind === "qemu" && sample.uptime > 0 && cluster.version.atLeast("9.0")) {
      row.memhost = sample.memhost;
    }
  }
  const lock = lockOf(guest);
  const tags = guest.config.get("tags");
  const service = cluster.ha.serviceOf(guest.vmid);
  if (pool !== undefined) row.pool = pool;
  if (lock !== undefined) row.lock = lock;
  if (tags !== undefined) row.tags = tags;
  if (service) row.hastate = serviceRowState(service);
  return row;
}

/** A node as lists show it; figures need Sys.Audit, and some of them the node to be up. */
export function nodeRow(call: Call, node: Node): Row {
  const { cluster } = call;
  const row: Row = {
    id: `node/${node.name}`,
    node: node.name,
    type: "node",
    status: node.online ? "online" : "offline",
  };
  const sample = cluster.statistics.node(node.name);
  if (!sample || !call.may(`/nodes/${node.name}`, "Sys.Audit")) return row;
  row.level = "";
  row.maxcpu = node.cores;
  row.maxmem = node.memoryBytes;
  row.maxdisk = node.rootTotalBytes;
  if (!node.online) return row;
  row.cpu = sample.cpu;
  row.mem = sample.mem;
  row.disk = node.rootUsedBytes;
  row.uptime = sample.uptime;
  return row;
}

/** A storage on a node as `/cluster/resources` shows it. */
export function storageRow(
  cluster: Cluster,
  storage: Storage,
  node: Node,
  used: ReadonlyMap<string, number>,
): Row {
  const place = storage.shared ? "" : node.name;
  const row: Row = {
    id: `storage/${node.name}/${storage.id}`,
    storage: storage.id,
    node: node.name,
    type: "storage",
    plugintype: storage.type,
    content: storage.content.join(","),
    shared: storage.shared ? 1 : 0,
    status: "unknown",
  };
  if (!cluster.statistics.node(node.name)) return row;
  row.status = "available";
  row.maxdisk = storage.size.get(place)?.totalBytes ?? 0;
  row.disk = used.get(placeKey(storage.id, place)) ?? 0;
  return row;
}

/** Bytes used per storage and place, worked out in one pass over all guests. */
export function storageUse(cluster: Cluster): ReadonlyMap<string, number> {
  const used = new Map<string, number>();
  for (const storage of cluster.storages.values()) {
    for (const [place, size] of storage.size) {
      used.set(placeKey(storage.id, place), size.otherBytes);
    }
  }
  for (const guest of cluster.guests.values()) {
    for (const volume of volumesOf(guest.config)) {
      const shared = cluster.storages.get(volume.storage)?.shared ?? false;
      const key = placeKey(volume.storage, shared ? "" : guest.node);
      used.set(key, (used.get(key) ?? 0) + volume.bytes);
    }
  }
  for (const [key, bytes] of used) if (bytes < 0) used.set(key, 0);
  return used;
}

/** The nodes that a storage is defined on. */
export function nodesOf(cluster: Cluster, storage: Storage): readonly Node[] {
  return [...cluster.nodes.values()].filter((node) => isOn(storage, node.name));
}

/** Whether a storage is defined on a node. */
export function isOn(storage: Storage, node: string): boolean {
  return storage.nodes === undefined || storage.nodes.has(node);
}

/** The sums of a pool; guests that the caller may not see count too. */
export function poolRow(cluster: Cluster, id: string, members: ReadonlySet<number>): Row {
  const row = { id: `/pool/${id}`, pool: id, type: "pool" };
  const sums = { uptime: 0, mem: 0, maxmem: 0, cpu: 0, maxcpu: 0 };
  let used = 0;
  for (const vmid of members) {
    const sample = cluster.statistics.guest(vmid);
    const guest = cluster.guests.get(vmid);
    if (!sample || !guest || isTemplate(guest) || sample.uptime === 0) continue;
    sums.uptime = Math.max(sums.uptime, sample.uptime);
    sums.mem += sample.mem;
    sums.maxmem += sample.maxmem;
    sums.maxcpu += sample.maxcpu;
    used += sample.cpu * sample.maxcpu;
  }
  sums.cpu = sums.maxcpu > 0 ? used / sums.maxcpu : 0;
  return { ...row, ...sums };
}

/** Key of {@link storageUse}. */
export function placeKey(storage: string, place: string): string {
  return `${storage}@${place}`;
}
