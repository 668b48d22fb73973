import { describe, expect, test } from "vitest";
import { planRebalance } from "../../src/balancing/index.ts";
import { cluster, guestsOn } from "./cluster.ts";
import { judge } from "./judge.ts";
import { movesOf } from "./moves-of.ts";

const nodes = { pve1: {}, pve2: {}, pve3: {} };

describe("rules", () => {
  test("a drain empties the node and keeps the rest level", () => {
    const snapshot = cluster({ ...nodes, pve3: { maintenance: true } }, [
      ...guestsOn("pve1", 4, 100),
      ...guestsOn("pve2", 4, 200),
      ...guestsOn("pve3", 4, 300),
    ]);
    const plan = planRebalance(snapshot);
    expect(judge(snapshot, plan)).toEqual([]);
    expect(plan.moves).toHaveLength(4);
    expect(plan.moves.map(({ reasons }) => reasons[0]?.code)).toEqual(
      Array(4).fill("drain-maintenance"),
    );
    expect(plan.after.nodes.map(({ guests }) => guests)).toEqual([6, 6, 0]);
  });

  test("stopped guests leave a draining node offline, templates stay", () => {
    const stopped = { status: "stopped" } as const;
    const snapshot = cluster({ ...nodes, pve3: { maintenance: true } }, [
      ...guestsOn("pve3", 2, 300, 4, stopped),
      ...guestsOn("pve3", 1, 310, 4, { ...stopped, template: true }),
      ...guestsOn("pve1", 2, 100, 4, stopped),
    ]);
    const plan = planRebalance(snapshot);
    expect(plan.moves.map(({ guest, mode, memoryBytes }) => [guest, mode, memoryBytes])).toEqual([
      [300, "offline", 0],
      [301, "offline", 0],
    ]);
    expect(new Set(plan.moves.map(({ to }) => to))).toEqual(new Set(["pve2"]));
    expect(plan.status).toBe("ok");
  });

  test("guests that belong together meet on one node, the cheapest way", () => {
    const tags = ["plb_affinity_a"];
    const snapshot = cluster(nodes, [
      { id: 100, node: "pve1", gib: 8, more: { tags } },
      { id: 101, node: "pve2", gib: 2, more: { tags } },
      { id: 102, node: "pve3", gib: 2, more: { tags } },
    ]);
    expect(movesOf(snapshot, { balanciness: 50 }).toSorted()).toEqual([
      "101 pve2 pve1",
      "102 pve3 pve1",
    ]);
  });

  test("groups with a common member are one group", () => {
    const snapshot = cluster(nodes, [
      { id: 100, node: "pve1", gib: 8, more: { tags: ["plb_affinity_a"] } },
      { id: 101, node: "pve1", more: { tags: ["plb_affinity_a", "plb_affinity_b"] } },
      { id: 102, node: "pve3", more: { tags: ["plb_affinity_b"] } },
    ]);
    expect(movesOf(snapshot, { balanciness: 50 })).toEqual(["102 pve3 pve1"]);
  });

  test("a pin of one member holds for the group", () => {
    const snapshot = cluster(nodes, [
      { id: 100, node: "pve1", gib: 8, more: { tags: ["plb_affinity_a"] } },
      { id: 101, node: "pve1", more: { tags: ["plb_affinity_a", "plb_pin_pve3"] } },
    ]);
    const plan = planRebalance(snapshot, { balanciness: 50 });
    expect(plan.moves.map(({ to }) => to)).toEqual(["pve3", "pve3"]);
    expect(plan.moves.find(({ guest }) => guest === 100)?.reasons[0]).toMatchObject({
      code: "join-affinity",
      rule: "plb_affinity_a",
      partner: 101,
      message: "stays on one node with vm-101",
    });
  });

  test("guests that must be apart are split by moving the cheapest", () => {
    const tags = ["plb_anti_affinity_a"];
    const snapshot = cluster(nodes, [
      { id: 100, node: "pve1", gib: 8, more: { tags } },
      { id: 101, node: "pve1", gib: 2, more: { tags } },
      { id: 102, node: "pve2", gib: 2, more: { tags } },
    ]);
    const plan = planRebalance(snapshot, { balanciness: 50 });
    expect(plan.moves).toMatchObject([
      {
        guest: 101,
        to: "pve3",
        reasons: [{ code: "split-anti-affinity", partner: 100, rule: "plb_anti_affinity_a" }, {}],
      },
    ]);
  });

  test("more guests than nodes are spread as evenly as possible", () => {
    const tags = ["plb_anti_affinity_a"];
    const snapshot = cluster(nodes, guestsOn("pve1", 5, 100, 1, { tags }));
    const plan = planRebalance(snapshot);
    expect(plan.after.nodes.map(({ guests }) => guests).toSorted()).toEqual([1, 2, 2]);
    expect(plan.conflicts).toMatchObject([
      {
        code: "apart-too-many",
        message:
          "5 guests cannot all be apart on 3 nodes; add nodes or name fewer guests in the rule.",
      },
    ]);
  });

  test("pinned guests go home", () => {
    const snapshot = cluster(nodes, [{ id: 100, node: "pve1", more: { tags: ["plb_pin_pve2"] } }]);
    const [move] = planRebalance(snapshot).moves;
    expect(move).toMatchObject({
      to: "pve2",
      reasons: [{ code: "enforce-pin", rule: "pin:100" }, {}],
    });
  });

  test("wishes are followed when they cost little, and not given up for the target", () => {
    const pools = { web: { pin: ["pve2"], strict: false } };
    const light = cluster(nodes, [{ id: 100, node: "pve1", gib: 1, more: { pool: "web" } }], {
      pools,
    });
    expect(planRebalance(light).moves).toMatchObject([
      { to: "pve2", reasons: [{ code: "prefer-node" }, {}] },
    ]);
    const heavy = cluster(nodes, guestsOn("pve2", 12, 100, 5, { pool: "web" }), { pools });
    const plan = planRebalance(heavy);
    expect(plan.moves).toEqual([]);
    expect(plan.conflicts).toMatchObject([{ code: "target-unreachable" }]);
    expect(plan.blocked).toHaveLength(12);
    expect(plan.blocked[0]).toMatchObject({ code: "pinned", wanted: "level-load" });
  });

  test("the highest available priority of a node rule is preferred", () => {
    const haRules = [
      {
        id: "home",
        type: "node-affinity",
        resources: ["vm:100"],
        nodes: { pve1: 1, pve2: 5, pve3: 3 },
        strict: true,
      },
    ] as const;
    const guests = [{ id: 100, node: "pve1", gib: 1 }];
    expect(movesOf(cluster(nodes, guests, { haRules }))).toEqual(["100 pve1 pve2"]);
    const drained = cluster({ ...nodes, pve2: { maintenance: true } }, guests, { haRules });
    expect(movesOf(drained)).toEqual(["100 pve1 pve3"]);
  });

  test("the goal rules repairs and drains only", () => {
    const snapshot = cluster(nodes, [
      ...guestsOn("pve1", 10, 100, 6),
      { id: 200, node: "pve2", gib: 1, more: { tags: ["plb_pin_pve3"] } },
    ]);
    expect(movesOf(snapshot, { goal: "rules" })).toEqual(["200 pve2 pve3"]);
  });
});
