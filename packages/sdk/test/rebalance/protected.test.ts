import { describe, expect, test } from "vitest";
import { riskOf } from "../../src/approvals/index.ts";
import type { Move, RebalancePlan } from "../../src/balancing/index.ts";
import { bindingOf, riskOfMoves } from "../../src/rebalance/binding.ts";
import { withEmptied } from "../../src/rebalance/emptied.ts";
import { withProtected } from "../../src/rebalance/protected.ts";
import { sampleGuest, sampleMove, sampleNode, samplePlan } from "./samples.ts";

const guests = [
  sampleGuest(1, "pve1", { pool: "shop" }),
  sampleGuest(2, "pve1", { tags: ["keep", "web"] }),
  sampleGuest(3, "pve1", { pool: "lab", tags: ["web"] }),
  sampleGuest(4, "pve2", { pool: "shop" }),
];
const plan = samplePlan([1, 2, 3].map((guest) => sampleMove(guest, "pve1", "pve3")));
const nothing = { pools: [], tags: [] };

function protectedIn(pools: readonly string[], tags: readonly string[]): readonly unknown[] {
  return withProtected(plan, { guests }, { pools, tags }).protectedGuests ?? [];
}

describe("protected guests", () => {
  test("are those that move and are in such a pool, or have such a tag", () => {
    expect(protectedIn(["shop"], [])).toEqual([1]);
    expect(protectedIn([], ["keep"])).toEqual([2]);
    expect(protectedIn(["shop", "lab"], ["keep"])).toEqual([1, 2, 3]);
    expect(protectedIn(["Shop"], ["kee"])).toEqual([]);
  });

  test("make a plan class 3, and another hash", () => {
    const shielded = withProtected(plan, { guests }, { pools: ["shop"], tags: [] });
    expect(riskOf(riskOfMoves(plan))).toBe(1);
    expect(riskOf(riskOfMoves(shielded))).toBe(3);
    expect(bindingOf(shielded)).not.toEqual(bindingOf(plan));
  });

  test("are not what a plan says of itself", () => {
    const claimed = { ...plan, protectedGuests: [1, 2, 3] };
    expect(withProtected(claimed, { guests }, nothing)).toEqual(plan);
  });
});

describe("emptying a node", () => {
  const nodes = ["pve1", "pve2", "pve3"].map((name) => sampleNode(name));
  const cluster = { nodes, guests: [...guests, sampleGuest(5, "pve1")] };

  function riskWith(
    asked: RebalancePlan,
    now: Parameters<typeof withEmptied>[1],
    kept?: readonly string[],
  ): number {
    return riskOf(riskOfMoves(withEmptied(asked, now, kept)));
  }

  test("is for the cluster and those who keep it to say, not for the plan", () => {
    const denied = { ...plan, maintenanceNodes: [], emptiedNodes: [] };
    expect(riskWith(denied, cluster)).toBe(1);
    expect(riskWith(denied, cluster, ["pve1"])).toBe(3);
    const marked = nodes.map((node) => ({ ...node, maintenance: node.name === "pve1" }));
    expect(riskWith(denied, { ...cluster, nodes: marked })).toBe(3);
    expect(riskWith({ ...plan, emptiedNodes: ["pve9"] }, cluster)).toBe(1);
  });

  test("is also what leaves nothing running on a node, whatever it is called", () => {
    const off = { status: "stopped" } as const;
    const rest = [sampleGuest(5, "pve1", off), sampleGuest(6, "pve1", { template: true })];
    expect(riskWith(plan, { nodes, guests: [...guests, ...rest] })).toBe(3);
    const emptied = withEmptied(plan, { nodes, guests });
    expect(emptied.emptiedNodes).toEqual(["pve1"]);
    expect(bindingOf(emptied)).not.toEqual(bindingOf(plan));
    // Two change places: nobody is left without a guest.
    const swap = samplePlan([sampleMove(4, "pve2", "pve1"), sampleMove(1, "pve1", "pve2")]);
    expect(withEmptied(swap, { nodes, guests })).toEqual(swap);
  });

  const reason = { code: "drain-maintenance" } as Move["reasons"][number];

  test("makes a plan class 3 while guests leave it, and not once it is empty", () => {
    const drain = { ...plan, maintenanceNodes: ["pve1"] };
    expect(riskOf(riskOfMoves(drain))).toBe(3);
    expect(riskOf(riskOfMoves({ ...plan, maintenanceNodes: ["pve2"] }))).toBe(1);
  });

  test("is one as well where the cluster itself marks the node", () => {
    const moves = [{ ...sampleMove(1, "pve1", "pve3"), reasons: [reason] }];
    expect(riskOf(riskOfMoves(samplePlan(moves)))).toBe(3);
  });
});
