import type { Guest, SnapshotNode } from "@kappa4/connectors";
import { overfullStorages } from "./overfull-storages.ts";
import { pressureFigures } from "./pressure.ts";
import type { Settings } from "./settings.ts";

/**
 * One thing that nodes have and guests use. Amounts are whole numbers (bytes, millionths of a core), so
 * that sums do not depend on the order of adding.
 */
export interface Resource {
  readonly name: ResourceName;
  /** By node: what the fraction refers to. */
  readonly capacity: Float64Array;
  /** By node: what must not be exceeded; Infinity without a limit. */
  readonly limit: Float64Array;
  /** By node: in use in the snapshot. */
  readonly initial: Float64Array;
  /** By node: what is in use without the guests; negative where the guests add up to more than is reported. */
  readonly own: Float64Array;
  /** By guest; 0 for those that are not running. */
  readonly weight: Float64Array;
}

/** A resource before the part that is the nodes' own was worked out. */
export type RawResource = Omit<Resource, "own">;

/** The names a resource can have. */
export type ResourceName =
  | "memory"
  | "cpu"
  | "disk"
  | "configured memory"
  | "configured cores"
  | "configured disk"
  | "pressure"
  | `storage ${string}`;

/** All resources, what is levelled, and the storages that only one node has. */
export interface Resources {
  readonly all: readonly Resource[];
  readonly memory: Resource;
  readonly cpu: Resource;
  readonly disk: Resource;
  /** The one that is levelled. */
  readonly level: Resource;
  readonly storages: LocalStorages;
  /** Set when pressure is to be levelled and no node says its own. */
  readonly pressureMissing: boolean;
}

/** Node-local storages, numbered over all nodes. */
export interface LocalStorages {
  /** By node: storage id to number. */
  readonly at: readonly ReadonlyMap<string, number>[];
  readonly limit: Float64Array;
  readonly initial: Float64Array;
  /** By guest: what it keeps on node-local storage; undefined for none. */
  readonly volumes: readonly (
    | readonly { readonly storage: string; readonly bytes: number }[]
    | undefined
  )[];
  /** By guest: added up. */
  readonly bytes: Float64Array;
}

/** What resources are worked out from. */
export interface Placed {
  readonly nodes: readonly SnapshotNode[];
  readonly guests: readonly Guest[];
  readonly home: Int32Array;
  readonly counts: Uint8Array;
}

const MILLION = 1e6;

/** Works out who has and who uses how much of everything. */
export function buildResources(placed: Placed, settings: Settings): Resources {
  const { limits } = settings;
  const storages = buildStorages(placed, limits.localStorageUsed);
  const memory = buildMemory(placed, settings);
  const cpu = buildCpu(placed, limits.cpuUsed);
  const disk = buildDisk(placed, storages);
  const counted = (
    name: ResourceName,
    of: (guest: Guest) => number,
    like: RawResource,
  ): RawResource => {
    const weight = weights(placed, of);
    return {
      name,
      capacity: like.capacity,
      limit: unlimited(placed),
      initial: sums(placed, weight),
      weight,
    };
  };
  const configuredMemory = {
    ...counted("configured memory", (guest) => guest.memory.total, memory),
    limit: Float64Array.from(placed.nodes, (node) =>
      limited(limits.memoryAssigned, node.memory.total),
    ),
  };
  const configuredCores = {
    ...counted("configured cores", (guest) => guest.cpu.cores * MILLION, cpu),
    limit: Float64Array.from(placed.nodes, (node) =>
      limited(limits.vcpuPerCore, node.cpu.cores * MILLION),
    ),
  };
  const configuredDisk = counted("configured disk", (guest) => guest.disk.total, disk);
  const pressure = pressureFigures(placed, settings.method, { memory, cpu, disk });
  const raw = [memory, cpu, disk, configuredMemory, configuredCores, configuredDisk, pressure];
  const all = [...raw, ...overfullStorages(placed, storages)].map((resource) =>
    withOwn(placed, resource),
  );
  const named = (name: ResourceName): Resource => {
    const found = all.find((resource) => resource.name === name);
    return found ?? withOwn(placed, memory);
  };
  return {
    all,
    memory: named("memory"),
    cpu: named("cpu"),
    disk: named("disk"),
    level: named(levelName(settings)),
    storages,
    pressureMissing:
      settings.mode === "psi" && placed.nodes.every((node) => node.psi === undefined),
  };
}

function levelName({ method, mode }: Settings): ResourceName {
  if (mode === "psi") return "pressure";
  if (mode === "used") return method;
  return (
    { memory: "configured memory", cpu: "configured cores", disk: "configured disk" } as const
  )[method];
}

function withOwn(placed: Placed, resource: RawResource): Resource {
  const own = resource.initial.slice();
  placed.home.forEach((n, g) => {
    if (n >= 0) own[n] = (own[n] ?? 0) - (resource.weight[g] ?? 0);
  });
  return { ...resource, own };
}

function buildMemory(placed: Placed, settings: Settings): RawResource {
  const weight = weights(placed, (guest) => guest.memory.used);
  const ofGuests = sums(placed, weight);
  const reserve = placed.nodes.map(
    ({ name }) => settings.memoryReserveBytes[name] ?? settings.memoryReserveBytes.defaults ?? 0,
  );
  const capacity = Float64Array.from(placed.nodes, (node, n) =>
    Math.max(1, node.memory.total - (reserve[n] ?? 0)),
  );
  const initial = Float64Array.from(placed.nodes, (node) => amount(node.memory.used));
  // Guests that add up to more than their node reports leave a negative remainder: it must not count as room.
  const limit = Float64Array.from(placed.nodes, (node, n) => {
    const missing = Math.max(0, (ofGuests[n] ?? 0) - (initial[n] ?? 0));
    return (
      Math.min(limited(settings.limits.memoryUsed, node.memory.total), capacity[n] ?? 1) - missing
    );
  });
  return { name: "memory", capacity, limit, initial, weight };
}

function buildCpu(placed: Placed, limit: number): RawResource {
  const weight = weights(placed, (guest) => guest.cpu.used * guest.cpu.cores * MILLION);
  const demand = sums(placed, weight);
  return {
    name: "cpu",
    capacity: Float64Array.from(placed.nodes, (node) => Math.max(1, node.cpu.cores * MILLION)),
    limit: Float64Array.from(placed.nodes, (node) => limited(limit, node.cpu.cores * MILLION)),
    // A node cannot report more than it has; what its guests ask for can be more.
    initial: Float64Array.from(placed.nodes, (node, n) =>
      Math.max(amount(node.cpu.used * MILLION), amount(node.base.cpu * MILLION) + (demand[n] ?? 0)),
    ),
    weight,
  };
}

/** Disk is what lies on storage of the node's own: moving a guest frees nothing on shared storage. */
function buildDisk(placed: Placed, storages: LocalStorages): RawResource {
  const own = (node: SnapshotNode): readonly { total: number; used: number }[] => {
    const local = node.storages.filter((storage) => !storage.shared);
    return local.length > 0 ? local : [node.disk];
  };
  const sum = (node: SnapshotNode, of: "total" | "used"): number =>
    own(node).reduce((total, storage) => total + storage[of], 0);
  return {
    name: "disk",
    capacity: Float64Array.from(placed.nodes, (node) => Math.max(1, sum(node, "total"))),
    limit: unlimited(placed),
    initial: Float64Array.from(placed.nodes, (node) => amount(sum(node, "used"))),
    weight: Float64Array.from(placed.guests, (guest, g) => {
      if (guest.volumes !== undefined) return storages.bytes[g] ?? 0;
      return placed.counts[g] === 1 ? guest.disk.used || guest.disk.total : 0;
    }),
  };
}

function buildStorages({ nodes, guests }: Placed, limit: number): LocalStorages {
  const limits: number[] = [];
  const initial: number[] = [];
  const localIds = new Set<string>();
  const at = nodes.map((node) => {
    const numbers = new Map<string, number>();
    for (const storage of node.storages) {
      if (storage.shared) continue;
      localIds.add(storage.id);
      numbers.set(storage.id, limits.push(limited(limit, storage.total)) - 1);
      initial.push(storage.used);
    }
    return numbers;
  });
  const volumes = guests.map((guest) => {
    const local = guest.volumes?.filter((volume) => localIds.has(volume.storage)) ?? [];
    return local.length > 0 ? local : undefined;
  });
  return {
    at,
    limit: Float64Array.from(limits),
    initial: Float64Array.from(initial),
    volumes,
    bytes: Float64Array.from(volumes, (list) =>
      (list ?? []).reduce((total, volume) => total + volume.bytes, 0),
    ),
  };
}

function weights({ guests, counts }: Placed, of: (guest: Guest) => number): Float64Array {
  return Float64Array.from(guests, (guest, g) => (counts[g] === 1 ? amount(of(guest)) : 0));
}

function sums({ nodes, home }: Placed, weight: Float64Array): Float64Array {
  const total = new Float64Array(nodes.length);
  home.forEach((n, g) => {
    if (n >= 0) total[n] = (total[n] ?? 0) + (weight[g] ?? 0);
  });
  return total;
}

function unlimited({ nodes }: Placed): Float64Array {
  return new Float64Array(nodes.length).fill(Number.POSITIVE_INFINITY);
}

/** What may be used: a part of what there is. No part is no limit, also where there is nothing. */
function limited(part: number, total: number): number {
  return part === Number.POSITIVE_INFINITY ? part : part * total;
}

/** A whole amount. What is no number, or none that could be meant, is nothing. */
function amount(figure: number): number {
  return Number.isFinite(figure) ? Math.max(0, Math.round(figure)) : 0;
}
