import { expect, test } from "vitest";
import { drainNodes, planRebalance } from "../../src/balancing/index.ts";
import { cluster, guestsOn } from "./cluster.ts";
import { judge } from "./judge.ts";

const nodes = { pve1: {}, pve2: {}, pve3: {} };
const snapshot = cluster(nodes, [
  ...guestsOn("pve1", 12, 100, 6),
  ...guestsOn("pve2", 4, 200, 6),
  ...guestsOn("pve3", 3, 300, 6),
]);

test("empties the nodes asked for and moves nothing else", () => {
  const plan = drainNodes(snapshot, ["pve3"]);
  expect(judge(snapshot, plan, { maintenanceNodes: ["pve3"] })).toEqual([]);
  expect(plan.status).toBe("ok");
  expect(plan.moves.map(({ guest, to }) => [guest, to]).toSorted()).toEqual([
    [300, "pve2"],
    [301, "pve2"],
    [302, "pve2"],
  ]);
});

test("takes along what a rule wants together", () => {
  const tags = ["plb_affinity_a"];
  const joined = cluster(nodes, [
    { id: 100, node: "pve3", more: { tags } },
    { id: 101, node: "pve3", more: { tags } },
    { id: 102, node: "pve1" },
  ]);
  const { moves } = drainNodes(joined, ["pve3"]);
  expect(new Set(moves.map(({ to }) => to))).toEqual(new Set(["pve2"]));
});

test("gives the relief of a node that is emptied for no reason of its own", () => {
  const skewed = cluster({ pve1: {}, pve2: {}, pve3: {} }, [
    ...guestsOn("pve1", 6, 100, 10),
    ...guestsOn("pve2", 1, 200, 10),
  ]);
  const plan = planRebalance(skewed, { maintenanceNodes: ["pve1"] });
  expect(plan.moves).toHaveLength(6);
  for (const { reasons } of plan.moves) {
    expect(reasons.map(({ code }) => code)).toEqual(["drain-maintenance"]);
  }
});

test("makes room where it has to", () => {
  const full = cluster({ pve1: {}, pve2: {}, pve3: {} }, [
    { id: 100, node: "pve1", gib: 50, more: { tags: ["plb_pin_pve1", "plb_pin_pve2"] } },
    { id: 200, node: "pve2", gib: 60 },
    { id: 300, node: "pve3", gib: 20 },
  ]);
  const plan = drainNodes(full, ["pve1"]);
  expect(judge(full, plan, { maintenanceNodes: ["pve1"] })).toEqual([]);
  expect(plan.moves.map(({ guest, to }) => [guest, to])).toEqual([
    [200, "pve3"],
    [100, "pve2"],
  ]);
  expect(plan.moves[0]?.reasons[0]).toMatchObject({ code: "make-room", partner: 100 });
});

test("names nodes that do not exist", () => {
  const plan = drainNodes(snapshot, ["pve9"]);
  expect(plan).toMatchObject({ status: "partial", moves: [] });
  expect(plan.conflicts[0]).toMatchObject({
    code: "drain-blocked",
    message: "There is no node called pve9 to empty; correct the name.",
  });
});

test("keeps guests apart that a drain and a pin together would bring onto one node", () => {
  const tags = ["plb_anti_affinity_d"];
  const crossed = cluster(
    nodes,
    [
      { id: 100, node: "pve3", more: { tags } },
      { id: 105, node: "pve1", more: { tags } },
      { id: 106, node: "pve2", more: { tags } },
    ],
    {
      haRules: [
        {
          id: "ha-100",
          type: "node-affinity",
          resources: ["vm:100"],
          nodes: { pve1: 0, pve2: 1 },
          strict: true,
        },
      ],
    },
  );
  const options = { maintenanceNodes: ["pve2"] };
  for (const plan of [planRebalance(crossed, options), drainNodes(crossed, ["pve2"])]) {
    expect(judge(crossed, plan, options)).toEqual([]);
    expect(plan.moves).toEqual([]);
    expect(plan.status).toBe("partial");
    expect(plan.blocked.map(({ guest, wanted }) => [guest, wanted])).toEqual([
      [100, "enforce-pin"],
      [106, "drain-maintenance"],
    ]);
  }
});
