import type { ClusterSnapshot, Guest, SnapshotNode } from "@kappa4/connectors";

const GIB = 2 ** 30;
/** Sizes of guests in GiB; small ones are more frequent. */
const SIZES = [1, 2, 2, 4, 4, 4, 8, 8, 16, 32];

/** The clusters that the bench plans for. */
export type Kind = "skewed" | "hot node" | "drain" | "rules";

/**
 * Makes a cluster from a seed, about 60 % full. `skewed`: load differs from node to node; `hot node`: one node
 * is nearly full, the rest level; `drain`: level, one node in maintenance; `rules`: skewed, with a third of
 * the guests under affinity, anti-affinity or pins, some of them broken.
 */
export function makeCluster(
  kind: Kind,
  nodeCount: number,
  guestCount: number,
  seed: number,
): ClusterSnapshot {
  const random = numbersFrom(seed);
  const names = Array.from(
    { length: nodeCount },
    (_, index) => `pve${String(index + 1).padStart(3, "0")}`,
  );
  const sizes = Array.from(
    { length: guestCount },
    () => SIZES[Math.floor(random() * SIZES.length)] ?? 1,
  );
  const used = sizes.map((size) => Math.floor(size * 1024 * (0.5 + random() * 0.45)) * 2 ** 20);
  const total =
    Math.ceil(used.reduce((sum, bytes) => sum + bytes, 0) / 0.6 / nodeCount / GIB) * GIB;
  const home = placeGuests(kind, names, used, total, random);
  const tags = sizes.map((_, index) => (kind === "rules" ? tagsOf(index, names, random) : []));
  const guests = sizes.map((size, index): Guest => {
    const cores = size <= 2 ? 2 : 4;
    return {
      id: 100 + index,
      name: `vm-${100 + index}`,
      type: "qemu",
      node: home[index] ?? "",
      status: "running",
      cpu: { cores, used: 0.02 + random() * 0.2 },
      memory: { total: size * GIB, used: used[index] ?? 0 },
      disk: { total: 40 * GIB, used: 20 * GIB },
      volumes: [{ storage: "shared", bytes: 40 * GIB }],
      tags: tags[index] ?? [],
      pool: null,
      ha: null,
      localResources: [],
      lock: null,
    };
  });
  return {
    format: "cluster-snapshot",
    version: 1,
    meta: { name: `${kind}-${nodeCount}x${guestCount}` },
    nodes: names.map((name, index) => nodeOf(name, kind === "drain" && index === 0, total, guests)),
    guests,
    pools: {},
    haRules: [],
    rules: [],
  };
}

function placeGuests(
  kind: Kind,
  names: readonly string[],
  used: readonly number[],
  total: number,
  random: () => number,
): readonly string[] {
  const load = new Map(names.map((name) => [name, 0]));
  const fraction = (name: string): number => (load.get(name) ?? 0) / total;
  const isSkewed = kind === "skewed" || kind === "rules";
  const wanted = new Map(names.map((name) => [name, isSkewed ? 0.25 + random() * 0.65 : 0.6]));
  if (kind === "hot node") wanted.set(names[0] ?? "", 0.92);
  const order = used
    .map((_, index) => index)
    .sort((a, b) => (used[b] ?? 0) - (used[a] ?? 0) || a - b);
  const home: string[] = [];
  for (const index of order) {
    const [best = ""] = names.toSorted(
      (a, b) => fraction(a) - (wanted.get(a) ?? 0) - (fraction(b) - (wanted.get(b) ?? 0)),
    );
    home[index] = best;
    load.set(best, (load.get(best) ?? 0) + (used[index] ?? 0));
  }
  return home;
}

function tagsOf(index: number, names: readonly string[], random: () => number): readonly string[] {
  const dice = random();
  const group = Math.floor(index / 9);
  if (dice < 0.12) return [`plb_affinity_${group}`];
  if (dice < 0.25) return [`plb_anti_affinity_${group}`];
  if (dice < 0.33) return [`plb_pin_${names[Math.floor(random() * names.length)]}`];
  return [];
}

function nodeOf(
  name: string,
  maintenance: boolean,
  total: number,
  guests: readonly Guest[],
): SnapshotNode {
  const here = guests.filter(({ node }) => node === name);
  const cores = 8 * Math.ceil(here.length / 4) + 32;
  return {
    name,
    status: "online",
    maintenance,
    ignored: false,
    cpu: { cores, used: here.reduce((sum, { cpu }) => sum + cpu.used * cpu.cores, 0) },
    memory: { total, used: here.reduce((sum, { memory }) => sum + memory.used, 0) },
    disk: { total: 100 * GIB, used: 10 * GIB },
    base: { cpu: 0, memory: 0 },
    storages: [{ id: "shared", shared: true, total: 1e6 * GIB, used: 0 }],
  };
}

/** Numbers from 0 to below 1, always the same from the same seed (mulberry32). */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  };
}
