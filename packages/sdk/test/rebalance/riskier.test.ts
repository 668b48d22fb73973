import { describe, expect, it } from "vitest";
import { riskierThan } from "../../src/rebalance/riskier.ts";
import { sampleCluster, sampleGuest, sampleMove, samplePlan } from "./samples.ts";

const held = { protected: { pools: [], tags: ["core"] }, maintenanceNodes: [] };
const half = samplePlan([sampleMove(1, "a", "b"), sampleMove(2, "a", "b")]);
const rest = samplePlan([sampleMove(3, "a", "b"), sampleMove(4, "a", "b")]);

function cluster(places: readonly string[], tags: readonly string[] = []) {
  const guests = places.map((node, at) => sampleGuest(at + 1, node, { tags }));
  return sampleCluster(["a", "b"], guests);
}

describe("a plan that was let through", () => {
  it("is as risky as it was while the cluster is", () => {
    const limit = { risk: 1, later: [] } as const;
    expect(riskierThan(limit, half, cluster(["a", "a", "a", "a"]), held)).toBeUndefined();
  });

  it("is riskier where it empties a node by now, or moves what is protected by now", () => {
    const limit = { risk: 1, later: [] } as const;
    const emptied = riskierThan(limit, half, cluster(["a", "a", "b", "b"]), held);
    expect(emptied).toMatchObject({
      code: "plan_stale",
      message: expect.stringContaining("leaves a node empty"),
    });
    const full = cluster(["a", "a", "a", "a"]);
    expect(riskierThan(limit, half, full, { ...held, maintenanceNodes: ["a"] })).toBeDefined();
    const shielded = cluster(["a", "a", "a", "a"], ["core"]);
    const protectedNow = riskierThan(limit, half, shielded, held);
    expect(protectedNow?.message).toContain("moves protected guests");
    expect(riskierThan({ ...limit, risk: 3 }, half, shielded, held)).toBeUndefined();
  });

  it("is no riskier for what was judged together with it and is done before it", () => {
    const limit = { risk: 2, later: [rest] } as const;
    expect(riskierThan(limit, half, cluster(["a", "a", "b", "b"]), held)).toBeUndefined();
    expect(riskierThan(limit, half, cluster(["a", "a", "c", "c"]), held)).toBeDefined();
  });
});
