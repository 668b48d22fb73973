import { expect, test } from "vitest";
import { checkRules } from "../../src/balancing/index.ts";
import { cluster } from "./cluster.ts";

const nodes = { pve1: {}, pve2: {} };

test("lists each rule that does not hold, with guests and nodes", () => {
  const snapshot = cluster(nodes, [
    { id: 100, node: "pve1", more: { tags: ["plb_affinity_a"] } },
    { id: 101, node: "pve2", more: { tags: ["plb_affinity_a"] } },
    { id: 102, node: "pve1", more: { tags: ["plb_anti_affinity_b"] } },
    { id: 103, node: "pve1", more: { tags: ["plb_anti_affinity_b"] } },
    { id: 104, node: "pve1", more: { tags: ["plb_pin_pve2"] } },
    { id: 105, node: "pve1", more: { tags: ["plb_pin_pve1"] } },
  ]);
  const { violations, conflicts } = checkRules(snapshot);
  expect(violations).toEqual([
    {
      rule: "pin:104",
      kind: "pin",
      hard: true,
      guests: [{ guest: 104, name: "vm-104", node: "pve1" }],
      message: "vm-104 (on pve1) should be on pve2.",
    },
    {
      rule: "plb_affinity_a",
      kind: "together",
      hard: true,
      guests: [{ guest: 101, name: "vm-101", node: "pve2" }],
      message:
        "vm-101 (on pve2) should be on one node with the other guests of rule plb_affinity_a.",
    },
    {
      rule: "plb_anti_affinity_b",
      kind: "apart",
      hard: true,
      guests: [{ guest: 103, name: "vm-103", node: "pve1" }],
      message:
        "vm-103 (on pve1) should not share a node with other guests of rule plb_anti_affinity_b.",
    },
  ]);
  expect(conflicts).toEqual([]);
});

test("guests that do not run break no rule", () => {
  const stopped = { status: "stopped", tags: ["plb_pin_pve2"] } as const;
  const { violations } = checkRules(cluster(nodes, [{ id: 100, node: "pve1", more: stopped }]));
  expect(violations).toEqual([]);
});
