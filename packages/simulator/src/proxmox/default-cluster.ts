import type { SnapshotFile, SnapshotGuest, SnapshotNode } from "./state/snapshot-file.ts";

const GIB = 2 ** 30;
const NODES = ["pve1", "pve2", "pve3", "pve4"];

// id, name, kind, node, cores, used part of the cores, GiB, GiB used, and what is special.
const GUESTS: readonly (readonly [
  number,
  string,
  "qemu" | "lxc",
  string,
  number,
  number,
  number,
  number,
  Partial<SnapshotGuest>?,
])[] = [
  [100, "web-1", "qemu", "pve1", 4, 0.31, 8, 6.5, { tags: ["plb_anti_affinity_web", "prod"] }],
  [101, "web-2", "qemu", "pve1", 4, 0.28, 8, 6.25, { tags: ["plb_anti_affinity_web", "prod"] }],
  [102, "db-1", "qemu", "pve1", 8, 0.42, 16, 13.5, { tags: ["prod"], pool: "databases" }],
  [103, "db-2", "qemu", "pve2", 8, 0.22, 16, 12, { tags: ["prod"], pool: "databases" }],
  [104, "mail", "qemu", "pve1", 2, 0.12, 8, 5.5],
  [105, "build-1", "qemu", "pve1", 8, 0.65, 16, 11],
  [106, "build-2", "qemu", "pve2", 8, 0.5, 16, 9.5],
  [107, "gpu-lab", "qemu", "pve2", 8, 0.3, 16, 12.5, { localResources: ["hostpci0"] }],
  [108, "wiki", "qemu", "pve1", 2, 0.05, 4, 2.75],
  [109, "erp-app", "qemu", "pve1", 4, 0.2, 12, 9, { tags: ["plb_affinity_erp"] }],
  [110, "erp-db", "qemu", "pve2", 4, 0.24, 12, 8.5, { tags: ["plb_affinity_erp"] }],
  [111, "files", "qemu", "pve1", 2, 0.08, 8, 5.25, { volumes: [local(120)] }],
  [112, "license", "qemu", "pve3", 2, 0.04, 4, 2, { tags: ["plb_pin_pve3"] }],
  [113, "monitor", "qemu", "pve1", 4, 0.35, 8, 6, { tags: ["plb_ignore"] }],
  [114, "backup", "qemu", "pve2", 4, 0.15, 8, 4.5, { lock: "backup" }],
  [115, "lb-1", "qemu", "pve1", 2, 0.18, 4, 2.5, { ha: { state: "started" } }],
  [116, "lb-2", "qemu", "pve3", 2, 0.16, 4, 2.25, { ha: { state: "started" } }],
  [117, "test-1", "qemu", "pve1", 2, 0.02, 4, 1.5],
  [118, "test-2", "qemu", "pve4", 2, 0, 4, 0, { status: "stopped" }],
  [119, "golden", "qemu", "pve1", 2, 0, 4, 0, { status: "stopped", template: true }],
  [200, "dns", "lxc", "pve1", 1, 0.06, 1, 0.5],
  [201, "proxy", "lxc", "pve1", 2, 0.1, 2, 1.25, { tags: ["prod"] }],
  [202, "cache", "lxc", "pve2", 2, 0.14, 4, 3],
  [203, "cron", "lxc", "pve4", 1, 0.03, 1, 0.375, { volumes: [local(8)] }],
];

/** A small cluster that is visibly out of balance: four nodes, 24 guests, a few of each kind of rule. */
export function defaultCluster(): SnapshotFile {
  return {
    format: "cluster-snapshot",
    version: 1,
    meta: { name: "lab" },
    nodes: NODES.map(nodeOf),
    guests: GUESTS.map(guestOf),
    pools: { databases: {} },
    haRules: [
      {
        id: "lb-apart",
        type: "resource-affinity",
        affinity: "negative",
        resources: ["vm:115", "vm:116"],
      },
    ],
  };
}

function nodeOf(name: string): SnapshotNode {
  return {
    name,
    status: "online",
    cpu: { cores: 32, used: 0 },
    memory: { total: 96 * GIB, used: 0 },
    disk: { total: 240 * GIB, used: 30 * GIB },
    base: { cpu: 0.5, memory: 3 * GIB },
    storages: [
      { id: "ceph", shared: true, total: 40_960 * GIB, used: 2400 * GIB },
      { id: "local-lvm", shared: false, total: 1024 * GIB, used: 130 * GIB },
    ],
    bridges: ["vmbr0"],
  };
}

function guestOf(row: (typeof GUESTS)[number]): SnapshotGuest {
  const [id, name, type, node, cores, cpu, total, used, special] = row;
  const size = type === "lxc" ? 8 : 32;
  return {
    id,
    name,
    type,
    node,
    cpu: { cores, used: cpu },
    memory: { total: total * GIB, used: used * GIB },
    disk: { total: size * GIB, used: 0.4 * size * GIB },
    volumes: [{ storage: "ceph", bytes: size * GIB }],
    ...special,
  };
}

function local(gib: number): { readonly storage: string; readonly bytes: number } {
  return { storage: "local-lvm", bytes: gib * GIB };
}
