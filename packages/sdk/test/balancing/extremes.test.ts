import type { ClusterSnapshot, Guest, SnapshotNode } from "@kappa4/connectors";
import { describe, expect, test } from "vitest";
import {
  checkFailover,
  drainNodes,
  explainGuest,
  pickBestNode,
  planRebalance,
  type RebalanceOptions,
} from "../../src/balancing/index.ts";
import { cluster, GIB, guestsOn } from "./cluster.ts";

const usual = cluster({ pve1: {}, pve2: {}, pve3: {} }, [
  ...guestsOn("pve1", 10, 100, 6),
  ...guestsOn("pve2", 5, 200, 6),
  ...guestsOn("pve3", 5, 300, 6),
]);

const nothing = { total: 0, used: 0 };
const empty = { memory: nothing, cpu: { cores: 0, used: 0 }, disk: nothing };
const huge = { total: 1e15, used: 9e14 };
const hugeGuest = { memory: { total: 1e15, used: 1e15 }, cpu: { cores: 1e6, used: 1 } };

function withNode(name: string, change: Partial<SnapshotNode>): ClusterSnapshot {
  const nodes = usual.nodes.map((node) => (node.name === name ? { ...node, ...change } : node));
  return { ...usual, nodes };
}

function withGuest(id: number, change: Partial<Guest>): ClusterSnapshot {
  const guests = usual.guests.map((guest) => (guest.id === id ? { ...guest, ...change } : guest));
  return { ...usual, guests };
}

const clusters: Readonly<Record<string, ClusterSnapshot>> = {
  "a node without memory": withNode("pve2", { memory: nothing }),
  "a node without anything": withNode("pve2", empty),
  "nodes without anything": { ...usual, nodes: usual.nodes.map((node) => ({ ...node, ...empty })) },
  "a node of a petabyte": withNode("pve1", { memory: huge }),
  "a guest larger than all nodes": withGuest(100, hugeGuest),
  "a node that uses what it does not have": withNode("pve1", {
    memory: { total: 2 ** 36, used: 2 ** 42 },
  }),
  "guests that use nothing": {
    ...usual,
    guests: usual.guests.map((guest) => ({ ...guest, memory: nothing })),
  },
  "one node": {
    ...usual,
    nodes: usual.nodes.slice(0, 1),
    guests: usual.guests.filter(({ node }) => node === "pve1"),
  },
  "no guests": { ...usual, guests: [] },
  "no nodes": { ...usual, nodes: [] },
  nothing: { ...usual, nodes: [], guests: [] },
};

const options: readonly RebalanceOptions[] = [
  {},
  { balanciness: 0, cpuBalanciness: 0 },
  { limits: { memoryUsed: 0, cpuUsed: 0 } },
  { limits: { memoryUsed: null, cpuUsed: null, localStorageUsed: null } },
  { memoryReserveBytes: { defaults: 1e15 } },
  { migrationBytesPerSecond: 1e-9, migrationOverheadSeconds: 0 },
];

describe("extreme figures", () => {
  test.each(Object.keys(clusters))("%s: every answer has figures that are numbers", (name) => {
    const snapshot = clusters[name] ?? usual;
    for (const option of options) {
      const plan = planRebalance(snapshot, option);
      const answers = [
        plan,
        drainNodes(snapshot, ["pve1"], option),
        checkFailover(snapshot, undefined, option),
        pickBestNode(snapshot, { memoryBytes: 1e15, cores: 1e6 }, option),
        ...snapshot.guests.slice(0, 1).map(({ id }) => explainGuest(snapshot, plan, id, option)),
      ];
      for (const answer of answers) expect(oddities(answer)).toEqual([]);
    }
  });
});

test("a reserve as large as its node, or all but, empties it and stops nothing", () => {
  for (const pve3 of [100 * GIB, 100 * GIB - 5, 200 * GIB]) {
    const plan = planRebalance(usual, { memoryReserveBytes: { pve3 } });
    expect(plan.after.nodes.find(({ name }) => name === "pve3")?.guests, `${pve3}`).toBe(0);
    expect(oddities(plan)).toEqual([]);
  }
});

const refused: readonly (readonly [string, RebalanceOptions])[] = [
  ["effort", { effort: Number.NaN }],
  ["balanciness", { balanciness: -1 }],
  ["migrationBytesPerSecond", { migrationBytesPerSecond: 0 }],
  ["limits.memoryUsed", { limits: { memoryUsed: Number.NaN } }],
  ["targets.cpu", { targets: { cpu: -5 } }],
  ["memoryReserveBytes.pve3", { memoryReserveBytes: { pve3: Number.NaN } }],
];

test.each(refused)("an amount of %s that is none is refused by its name", (name, option) => {
  expect(() => planRebalance(usual, option)).toThrow(RangeError);
  expect(() => planRebalance(usual, option)).toThrow(name);
});

test("an aim above the target is the target", () => {
  expect(planRebalance(usual, { aim: 2 })).toEqual(planRebalance(usual, { aim: 1 }));
});

/** Numbers that JSON cannot hold, and words for them in sentences. */
function oddities(value: unknown): readonly unknown[] {
  if (typeof value === "number") return Number.isFinite(value) ? [] : [value];
  if (typeof value === "string") return /NaN|Infinity|undefined/.test(value) ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(oddities);
}
