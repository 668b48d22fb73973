import { createResource, HaStack, type RequestedState } from "../ha/stack.ts";
import { hashText } from "../random.ts";
import type { PveVersion } from "../version.ts";
import { buildGuest } from "./guest-build.ts";
import {
  type ClusterParts,
  contentOf,
  DEFAULT_SPEED,
  storageTypeOf,
  volumeBytesOn,
} from "./parts.ts";
import type {
  PressureInput,
  SnapshotFile,
  SnapshotGuest,
  SnapshotHaRule,
  SnapshotNode,
} from "./snapshot-file.ts";
import type { Guest, Node, Pool, Pressure, Storage } from "./types.ts";

const DAY_MS = 86_400_000;
const LONG_AGO_MS = 3_600_000;

/** Makes a cluster from a snapshot file; what it shows over the API is what the file says. */
export function fromSnapshot(
  file: SnapshotFile,
  options: { readonly now: number; readonly version: PveVersion; readonly keepVersions: boolean },
): ClusterParts {
  const guests = new Map(file.guests.map((entry) => [entry.id, guestOf(file, entry, options.now)]));
  const nodes = new Map<string, Node>();
  file.nodes.forEach((entry, index) => {
    nodes.set(entry.name, nodeOf(entry, index, guests, options));
  });
  return {
    name: file.meta?.name?.replaceAll(/[^\w-]/g, "-").slice(0, 30) || "lab",
    nodes,
    guests,
    storages: storagesOf(file, guests),
    pools: poolsOf(file),
    ha: haOf(file, guests, options.version),
    speed: speedOf(file),
  };
}

function guestOf(file: SnapshotFile, entry: SnapshotGuest, now: number): Guest {
  const node = file.nodes.find((candidate) => candidate.name === entry.node);
  return buildGuest(
    {
      vmid: entry.id,
      kind: entry.type,
      name: entry.name,
      node: entry.node,
      running: entry.status !== "stopped",
      paused: entry.status === "paused",
      cores: entry.cpu.cores,
      cpuRatio: entry.cpu.used,
      memoryTotalBytes: entry.memory.total,
      memoryUsedBytes: entry.memory.used,
      diskUsedBytes: entry.disk?.used,
      volumes: entry.volumes ?? [],
      bridges: entry.bridges ?? node?.bridges?.slice(0, 1) ?? ["vmbr0"],
      tags: entry.tags ?? [],
      localResources: entry.localResources ?? [],
      lock: entry.lock ?? undefined,
      template: entry.template,
      psi: pressureOf(entry.psi),
    },
    now,
  );
}

function nodeOf(
  entry: SnapshotNode,
  index: number,
  guests: ReadonlyMap<number, Guest>,
  options: { readonly now: number; readonly version: PveVersion; readonly keepVersions: boolean },
): Node {
  const running = [...guests.values()].filter((g) => g.node === entry.name && g.running);
  const memory = running.reduce(
    (sum, guest) => sum + guest.memoryBytes + guest.hostOverheadBytes,
    0,
  );
  const cores = running.reduce(
    (sum, guest) => sum + guest.cpuRatio * Number(guest.config.get("cores") ?? 1),
    0,
  );
  const online = (entry.status ?? "online") === "online";
  const usedCores = entry.cpu.used ?? 0;
  const usedMemory = entry.memory.used ?? 0;
  return {
    name: entry.name,
    nodeid: index + 1,
    ip: `10.${20 + Math.floor(index / 250)}.0.${(index % 250) + 1}`,
    version: options.keepVersions
      ? (entry.pveVersion ?? options.version.full)
      : options.version.full,
    online,
    offlineSince: online ? undefined : options.now - LONG_AGO_MS,
    bootedAt: options.now - (31 + (hashText(entry.name) % 60)) * DAY_MS,
    cores: entry.cpu.cores,
    memoryBytes: entry.memory.total,
    swapBytes: 8 * 2 ** 30,
    rootTotalBytes: entry.disk?.total ?? 0,
    rootUsedBytes: entry.disk?.used ?? 0,
    // What the file says about the node as a whole wins: it is what a reader sees first.
    baseCores: usedCores > 0 ? usedCores - cores : (entry.base?.cpu ?? 0),
    baseMemoryBytes: usedMemory > 0 ? usedMemory - memory : (entry.base?.memory ?? 0),
    psi: pressureOf(entry.psi),
    bridges: entry.bridges ?? ["vmbr0"],
    cpuModel: `Simulated CPU ${entry.cpuGroup ?? "x86-64-v3"}`,
    fingerprint: "",
  };
}

function storagesOf(file: SnapshotFile, guests: ReadonlyMap<number, Guest>): Map<string, Storage> {
  const storages = new Map<string, Storage>();
  const ids = new Set(file.nodes.flatMap((node) => (node.storages ?? []).map((entry) => entry.id)));
  for (const id of ids) {
    const places = file.nodes.flatMap((node) =>
      (node.storages ?? [])
        .filter((entry) => entry.id === id)
        .map((entry) => ({ node: node.name, entry })),
    );
    const shared = places.some((place) => place.entry.shared);
    const type = places[0]?.entry.type ?? storageTypeOf(id, shared);
    const size: Storage["size"] = new Map();
    for (const { node, entry } of places) {
      const volumes = volumeBytesOn(guests, id, shared ? undefined : node);
      size.set(shared ? "" : node, {
        totalBytes: entry.total,
        otherBytes: entry.used - volumes,
      });
    }
    const everywhere = places.length === file.nodes.length;
    const on = everywhere ? undefined : new Set(places.map((place) => place.node));
    storages.set(id, { id, type, shared, content: contentOf(type), nodes: on, size });
  }
  return storages;
}

function poolsOf(file: SnapshotFile): Map<string, Pool> {
  const pools = new Map<string, Pool>();
  const add = (id: string): Pool => {
    const pool = pools.get(id) ?? { id, comment: "", guests: new Set(), storages: new Set() };
    pools.set(id, pool);
    return pool;
  };
  for (const id of Object.keys(file.pools ?? {})) add(id);
  for (const guest of file.guests) if (guest.pool) add(guest.pool).guests.add(guest.id);
  return pools;
}

function haOf(
  file: SnapshotFile,
  guests: ReadonlyMap<number, Guest>,
  version: PveVersion,
): HaStack {
  const ha = new HaStack();
  for (const node of file.nodes) if (node.maintenance) ha.maintenance.add(node.name);
  for (const entry of file.guests) {
    const guest = guests.get(entry.id);
    if (!entry.ha || !guest) continue;
    const sid = `${entry.type === "lxc" ? "ct" : "vm"}:${entry.id}`;
    const resource = createResource(sid, entry.node, requestedOf(entry.ha.state));
    resource.state = stateOf(entry.ha.state, guest.running);
    ha.resources.set(sid, resource);
  }
  (file.haRules ?? []).forEach((rule, index) => {
    if (version.atLeast("9.0")) addRule(ha, rule, index + 1);
    else addGroup(ha, rule);
  });
  return ha;
}

function addRule(ha: HaStack, rule: SnapshotHaRule, order: number): void {
  const common = {
    rule: rule.id,
    resources: rule.resources,
    disable: rule.disabled ?? false,
    comment: undefined,
    order,
  };
  if (rule.type === "resource-affinity") {
    const affinity = rule.affinity ?? "positive";
    ha.rules.set(rule.id, { ...common, type: "resource-affinity", affinity });
    return;
  }
  const nodes = new Map(Object.entries(rule.nodes ?? {}));
  ha.rules.set(rule.id, { ...common, type: "node-affinity", nodes, strict: rule.strict ?? false });
}

// Before version 9 only node affinity existed, as a group that a resource names.
function addGroup(ha: HaStack, rule: SnapshotHaRule): void {
  if (rule.type !== "node-affinity" || rule.disabled) return;
  ha.groups.set(rule.id, {
    group: rule.id,
    nodes: new Map(Object.entries(rule.nodes ?? {})),
    restricted: rule.strict ?? false,
    nofailback: false,
    comment: undefined,
  });
  for (const sid of rule.resources) {
    const resource = ha.resources.get(sid);
    if (resource) resource.group = rule.id;
  }
}

function requestedOf(state: string): RequestedState {
  if (state === "stopped" || state === "disabled" || state === "ignored") return state;
  return "started";
}

function stateOf(state: string, running: boolean): "started" | "stopped" | "error" {
  if (state === "error") return "error";
  return running ? "started" : "stopped";
}

function speedOf(file: SnapshotFile): ClusterParts["speed"] {
  const { policy } = file;
  return {
    memoryBytesPerSecond: policy?.migrationBytesPerSecond ?? DEFAULT_SPEED.memoryBytesPerSecond,
    diskBytesPerSecond: policy?.localDiskBytesPerSecond ?? DEFAULT_SPEED.diskBytesPerSecond,
    overheadMs: (policy?.migrationOverheadSeconds ?? DEFAULT_SPEED.overheadMs / 1000) * 1000,
  };
}

function pressureOf(psi: PressureInput | undefined): Pressure {
  return {
    cpuSome: psi?.cpuSome ?? 0,
    cpuFull: psi?.cpuFull ?? 0,
    memorySome: psi?.memorySome ?? 0,
    memoryFull: psi?.memoryFull ?? 0,
    ioSome: psi?.ioSome ?? 0,
    ioFull: psi?.ioFull ?? 0,
  };
}
