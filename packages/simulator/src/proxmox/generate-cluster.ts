import { createRandom, type Random } from "./random.ts";
import type { SnapshotFile, SnapshotGuest, SnapshotNode } from "./state/snapshot-file.ts";

/** Options of {@link generateCluster}. */
export interface GenerateClusterOptions {
  /** Number of nodes. Default 8. */
  readonly nodes?: number | undefined;
  /** Number of guests. Default 200. */
  readonly guests?: number | undefined;
  /** The same seed gives the same cluster. Default 1. */
  readonly seed?: number | undefined;
  /** Share of the guests (0 to 1) whose disks lie on their node alone. Default 0.1. */
  readonly localDisks?: number | undefined;
  /** Share of the guests (0 to 1) that are under HA. Default 0.1. */
  readonly ha?: number | undefined;
}

interface Draft {
  readonly guest: SnapshotGuest;
  readonly memory: number;
}

const GIB = 2 ** 30;
const MIB = 2 ** 20;
const ROLES = ["web", "app", "db", "cache", "queue", "build", "desk", "mail"];
const SIZES_GIB = [1, 2, 2, 4, 4, 4, 8, 8, 16, 32];
const FILLED = 0.55;

/**
 * Makes a cluster of any size that is out of balance: a sixth of the nodes carries far more than its share. Of the
 * guests a fifth are containers, some lie on local disks or are under HA, a few are tied together or kept apart by
 * tags, pooled, locked or stopped. Throws RangeError for fewer than one node.
 */
export function generateCluster(options: GenerateClusterOptions = {}): SnapshotFile {
  const count = Math.floor(options.nodes ?? 8);
  const total = Math.floor(options.guests ?? 200);
  if (!(count >= 1 && total >= 0)) throw new RangeError("A cluster has at least one node.");
  const random = createRandom(options.seed ?? 1, `${count}x${total}`);
  const names = Array.from({ length: count }, (_, i) => `pve${String(i + 1).padStart(2, "0")}`);
  const drafts = Array.from({ length: total }, (_, i) => draftOf(100 + i, random, options));
  const demand = drafts.reduce((sum, draft) => sum + draft.memory, 0);
  const capacity = roundUp(demand / FILLED / count + 4 * GIB, 16 * GIB);
  const guests = place(drafts, names, capacity, random);
  return {
    format: "cluster-snapshot",
    version: 1,
    meta: { name: `generated-${count}x${total}` },
    nodes: names.map((name) => nodeOf(name, capacity, guests)),
    guests,
    pools: { production: {} },
    haRules: haRulesOf(guests),
  };
}

function draftOf(
  id: number,
  random: Random,
  { localDisks = 0.1, ha = 0.1 }: GenerateClusterOptions,
): Draft {
  const role = random.pick(ROLES);
  const isContainer = random.next() < 0.2;
  const gib = isContainer ? random.pick([1, 2, 4]) : random.pick(SIZES_GIB);
  const used = Math.floor(gib * 1024 * (0.45 + 0.5 * random.next())) * MIB;
  const size = random.pick([10, 20, 32, 64]) * GIB;
  const isLocal = random.next() < localDisks;
  const isStopped = random.next() < 0.05;
  const guest: SnapshotGuest = {
    id,
    name: `${role}-${id}`,
    type: isContainer ? "lxc" : "qemu",
    node: "",
    status: isStopped ? "stopped" : "running",
    cpu: {
      cores: random.pick([1, 2, 2, 4, 8]),
      used: isStopped ? 0 : round(random.next() ** 3 * 0.8),
    },
    memory: { total: gib * GIB, used: isStopped ? 0 : used },
    disk: { total: size, used: Math.floor(size * 0.4) },
    volumes: [{ storage: isLocal ? "local-lvm" : "ceph", bytes: size }],
    tags: tagsOf(id, random),
    pool: random.next() < 0.15 ? "production" : null,
    ha: random.next() < ha ? { state: isStopped ? "stopped" : "started" } : null,
    lock: random.next() < 0.01 ? "backup" : null,
    localResources: !isContainer && random.next() < 0.01 ? ["hostpci0"] : [],
  };
  return { guest, memory: isStopped ? 0 : used };
}

function tagsOf(id: number, random: Random): readonly string[] {
  const roll = random.next();
  if (roll < 0.06) return [`plb_affinity_group${id % 7}x${random.integer(1, 20)}`];
  if (roll < 0.14) return [`plb_anti_affinity_set${random.integer(1, 40)}`];
  if (roll < 0.16) return ["plb_ignore"];
  return roll < 0.5 ? ["prod"] : [];
}

// Every sixth node draws five times as many guests as the others, up to 90 % of its memory.
function place(
  drafts: readonly Draft[],
  names: readonly string[],
  capacity: number,
  random: Random,
): readonly SnapshotGuest[] {
  const load = new Map(names.map((name) => [name, 3 * GIB]));
  const weights = names.flatMap((name, index) => Array<string>(index % 6 === 0 ? 5 : 1).fill(name));
  return drafts.map(({ guest, memory }) => {
    let node = random.pick(weights);
    for (let attempt = 0; attempt < 8; attempt++) {
      if ((load.get(node) ?? 0) + memory <= capacity * 0.9) break;
      node = random.pick(names);
    }
    load.set(node, (load.get(node) ?? 0) + memory);
    return { ...guest, node };
  });
}

function nodeOf(name: string, capacity: number, guests: readonly SnapshotGuest[]): SnapshotNode {
  const own = guests.filter((guest) => guest.node === name);
  const local = own.flatMap((guest) => guest.volumes ?? []).filter((v) => v.storage !== "ceph");
  const shared = guests.flatMap((guest) => guest.volumes ?? []).filter((v) => v.storage === "ceph");
  return {
    name,
    status: "online",
    pveVersion: "9.1.9",
    cpu: { cores: Math.max(16, roundUp(capacity / GIB / 4, 8)) },
    memory: { total: capacity },
    disk: { total: 240 * GIB, used: 28 * GIB },
    base: { cpu: 0.6, memory: 3 * GIB },
    storages: [
      { id: "ceph", shared: true, total: 400 * 1024 * GIB, used: bytesOf(shared) },
      { id: "local-lvm", shared: false, total: 8 * 1024 * GIB, used: bytesOf(local) },
    ],
    bridges: ["vmbr0"],
  };
}

function haRulesOf(guests: readonly SnapshotGuest[]): SnapshotFile["haRules"] {
  const managed = guests.filter((guest) => guest.ha).slice(0, 2);
  if (managed.length < 2) return [];
  const resources = managed.map((guest) => `${guest.type === "lxc" ? "ct" : "vm"}:${guest.id}`);
  return [{ id: "keep-apart", type: "resource-affinity", affinity: "negative", resources }];
}

function bytesOf(volumes: readonly { readonly bytes: number }[]): number {
  return volumes.reduce((sum, volume) => sum + volume.bytes, 0);
}

function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
