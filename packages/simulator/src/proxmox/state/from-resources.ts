import { createResource, HaStack } from "../ha/stack.ts";
import { buildGuest, NO_PRESSURE } from "./guest-build.ts";
import {
  type ClusterParts,
  contentOf,
  DEFAULT_SPEED,
  storageTypeOf,
  volumeBytesOn,
} from "./parts.ts";
import type { ResourceRow } from "./resource-rows.ts";
import type { Guest, Node, Pool, Storage } from "./types.ts";

const GIB = 2 ** 30;
const LONG_AGO_MS = 3_600_000;

/**
 * Makes a cluster that shows the recorded entries again. What they do not tell is filled in: disks lie on a storage
 * for images that the guest's node has, a shared one if there is one, and a shared storage reaches every node.
 */
export function fromResources(
  rows: readonly ResourceRow[],
  options: { readonly now: number; readonly version: string },
): ClusterParts {
  const named = new Set(rows.flatMap((row) => (row.node === undefined ? [] : [row.node])));
  const storageRows = rows.filter((row) => row.type === "storage");
  const guests = new Map<number, Guest>();
  for (const row of rows) {
    if (row.type !== "qemu" && row.type !== "lxc") continue;
    const guest = guestOf(row, row.type, storageFor(storageRows, row.node ?? ""), options.now);
    guests.set(guest.vmid, guest);
  }
  const nodes = new Map<string, Node>();
  for (const name of [...named].sort()) {
    const row = rows.find((entry) => entry.type === "node" && entry.node === name);
    nodes.set(name, nodeOf(name, row, nodes.size, guests, options));
  }
  return {
    name: "recorded",
    nodes,
    guests,
    storages: storagesOf(storageRows, guests),
    pools: poolsOf(rows),
    ha: haOf(rows, guests),
    speed: DEFAULT_SPEED,
  };
}

function guestOf(
  row: ResourceRow,
  kind: "qemu" | "lxc",
  storage: string | undefined,
  now: number,
): Guest {
  const bytes = row.maxdisk ?? 0;
  return buildGuest(
    {
      vmid: row.vmid ?? 0,
      kind,
      name: row.name,
      node: row.node ?? "",
      running: row.status !== "stopped",
      paused: row.status === "paused",
      cores: row.maxcpu ?? 1,
      cpuRatio: row.cpu ?? 0,
      memoryTotalBytes: row.maxmem ?? GIB,
      memoryUsedBytes: row.mem ?? 0,
      diskUsedBytes: row.disk,
      volumes: storage !== undefined && bytes > 0 ? [{ storage, bytes }] : [],
      bridges: ["vmbr0"],
      tags: row.tags?.split(";").filter(Boolean) ?? [],
      localResources: [],
      lock: row.lock,
      template: row.template,
      uptimeSeconds: row.uptime,
      hostMemoryBytes: row.memhost,
      traffic: {
        netin: row.netin ?? 0,
        netout: row.netout ?? 0,
        diskread: row.diskread ?? 0,
        diskwrite: row.diskwrite ?? 0,
      },
    },
    now,
  );
}

function storageFor(rows: readonly ResourceRow[], node: string): string | undefined {
  const fit = rows.filter((row) => {
    const content = (row.content ?? "images").split(",");
    return content.includes("images") && (row.shared === true || row.node === node);
  });
  return (fit.find((row) => row.shared) ?? fit[0])?.storage;
}

function nodeOf(
  name: string,
  row: ResourceRow | undefined,
  index: number,
  guests: ReadonlyMap<number, Guest>,
  options: { readonly now: number; readonly version: string },
): Node {
  const own = [...guests.values()].filter((guest) => guest.node === name && guest.running);
  const memory = own.reduce((sum, guest) => sum + guest.memoryBytes + guest.hostOverheadBytes, 0);
  const cores = own.reduce(
    (sum, guest) => sum + guest.cpuRatio * Number(guest.config.get("cores") ?? 1),
    0,
  );
  const online = row?.status === "online";
  const maxcpu = row?.maxcpu ?? 8;
  return {
    name,
    nodeid: index + 1,
    ip: `10.20.0.${index + 1}`,
    version: options.version,
    online,
    offlineSince: online ? undefined : options.now - LONG_AGO_MS,
    bootedAt: options.now - (row?.uptime ?? 86_400) * 1000,
    cores: maxcpu,
    memoryBytes: row?.maxmem ?? 32 * GIB,
    swapBytes: 0,
    rootTotalBytes: row?.maxdisk ?? 0,
    rootUsedBytes: row?.disk ?? 0,
    baseCores: (row?.cpu ?? 0) * maxcpu - cores,
    baseMemoryBytes: (row?.mem ?? 0) - memory,
    psi: NO_PRESSURE,
    bridges: ["vmbr0"],
    cpuModel: "Simulated CPU x86-64-v3",
    fingerprint: "",
  };
}

function storagesOf(
  rows: readonly ResourceRow[],
  guests: ReadonlyMap<number, Guest>,
): Map<string, Storage> {
  const storages = new Map<string, Storage>();
  for (const row of rows) {
    const id = row.storage ?? "";
    const shared = row.shared ?? false;
    const type = row.plugintype ?? storageTypeOf(id, shared);
    const place = shared ? "" : (row.node ?? "");
    const storage = storages.get(id) ?? {
      id,
      type,
      shared,
      content: row.content?.split(",") ?? contentOf(type),
      nodes: shared ? undefined : new Set<string>(),
      size: new Map(),
    };
    if (storage.nodes instanceof Set) storage.nodes.add(row.node ?? "");
    storage.size.set(place, {
      totalBytes: row.maxdisk ?? storage.size.get(place)?.totalBytes ?? 0,
      otherBytes: (row.disk ?? 0) - volumeBytesOn(guests, id, shared ? undefined : place),
    });
    storages.set(id, storage);
  }
  return storages;
}

function poolsOf(rows: readonly ResourceRow[]): Map<string, Pool> {
  const pools = new Map<string, Pool>();
  for (const row of rows) {
    if (row.pool === undefined) continue;
    const pool = pools.get(row.pool) ?? {
      id: row.pool,
      comment: "",
      guests: new Set<number>(),
      storages: new Set<string>(),
    };
    if (row.vmid !== undefined) pool.guests.add(row.vmid);
    pools.set(row.pool, pool);
  }
  return pools;
}

function haOf(rows: readonly ResourceRow[], guests: ReadonlyMap<number, Guest>): HaStack {
  const ha = new HaStack();
  for (const row of rows) {
    if (row.type === "node" && row.hastate === "maintenance" && row.node) {
      ha.maintenance.add(row.node);
    }
    const guest = row.vmid === undefined ? undefined : guests.get(row.vmid);
    if (!guest || row.hastate === undefined) continue;
    const sid = `${guest.kind === "lxc" ? "ct" : "vm"}:${guest.vmid}`;
    const resource = createResource(sid, guest.node, guest.running ? "started" : "stopped");
    resource.state = row.hastate === "error" ? "error" : guest.running ? "started" : "stopped";
    ha.resources.set(sid, resource);
  }
  return ha;
}
