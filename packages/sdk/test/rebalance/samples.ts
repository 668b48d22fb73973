import type { ClusterSnapshot, Guest, SnapshotNode } from "@kappa4/connectors";
import type { Move, RebalancePlan } from "../../src/balancing/index.ts";

const GiB = 2 ** 30;
const balance = { spread: 0, cpuSpread: 0, violations: 0, nodes: [] };

export function sampleNode(name: string, memoryGiB = 64): SnapshotNode {
  return {
    name,
    status: "online",
    maintenance: false,
    ignored: false,
    cpu: { cores: 16, used: 1 },
    memory: { total: memoryGiB * GiB, used: 2 * GiB },
    disk: { total: 100 * GiB, used: 10 * GiB },
    base: { cpu: 1, memory: 2 * GiB },
    storages: [{ id: "ceph", shared: true, total: 1000 * GiB, used: 0 }],
  };
}

export function sampleGuest(id: number, node: string, change: Partial<Guest> = {}): Guest {
  return {
    id,
    name: `vm-${id}`,
    type: "qemu",
    node,
    status: "running",
    cpu: { cores: 2, used: 0.1 },
    memory: { total: 8 * GiB, used: 6 * GiB },
    disk: { total: 20 * GiB, used: 5 * GiB },
    volumes: [{ storage: "ceph", bytes: 20 * GiB }],
    tags: [],
    pool: null,
    ha: null,
    localResources: [],
    lock: null,
    ...change,
  };
}

export function sampleCluster(nodes: readonly string[], guests: readonly Guest[]): ClusterSnapshot {
  return {
    format: "cluster-snapshot",
    version: 1,
    meta: { name: "lab" },
    nodes: nodes.map((name) => sampleNode(name)),
    guests,
    pools: {},
    haRules: [],
    rules: [],
  };
}

export function sampleMove(guest: number, from: string, to: string, wave = 0): Move {
  return {
    guest,
    name: `vm-${guest}`,
    type: "qemu",
    from,
    to,
    wave,
    memoryBytes: 6 * GiB,
    diskBytes: 0,
    seconds: 14,
    mode: "live",
    reasons: [],
  };
}

export function samplePlan(moves: readonly Move[]): RebalancePlan {
  return {
    format: "rebalance-plan",
    version: 1,
    engine: "sample",
    status: "ok",
    cluster: "lab",
    method: "memory",
    mode: "used",
    balanciness: 10,
    limits: { memoryUsed: 0.95 },
    moves,
    blocked: [],
    conflicts: [],
    before: balance,
    after: balance,
    costSeconds: 0,
    durationSeconds: 0,
  };
}
