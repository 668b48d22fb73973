import type { ClusterSnapshot, PlacementRule } from "@kappa4/connectors";
import { describe, expect, it } from "vitest";
import type { Conflict, RebalanceOptions, RebalancePlan } from "../../src/balancing/index.ts";
import { EngineThread } from "../../src/engine-thread.ts";
import { type ApplyContext, applyPlan } from "../../src/rebalance/apply.ts";
import { bindingOf } from "../../src/rebalance/binding.ts";
import { MemoryCluster, virtualClock } from "./memory-cluster.ts";
import { sampleCluster, sampleGuest, sampleMove, samplePlan } from "./samples.ts";

// A plan can come from anybody: what it says of rules, limits and loads is no proof of anything.

const GiB = 2 ** 30;
const apart: PlacementRule = {
  id: "never-meet",
  kind: "apart",
  source: "tag",
  hard: true,
  guests: [1, 2],
};
const guests = [1, 2, 3].map((id) => sampleGuest(id, id === 2 ? "b" : "a"));
const plan = samplePlan([sampleMove(1, "a", "b")]);

function snapshot(rules: readonly PlacementRule[] = []): ClusterSnapshot {
  return { ...sampleCluster(["a", "b", "c"], guests), rules };
}

async function apply(
  cluster: MemoryCluster,
  asked: RebalancePlan,
  rules: RebalanceOptions = {},
  more: Partial<ApplyContext> = {},
) {
  return applyPlan(
    { cluster, clock: virtualClock(), engine: new EngineThread(), rules, ...more },
    asked,
  ).result;
}

describe("a plan made elsewhere", () => {
  it("breaks no hard rule by saying that it cannot hold", async () => {
    const excuse: Conflict = {
      ...{ code: "rule-unrepairable", rules: [apart.id], guests: [1, 2] },
      message: "as it is",
    };
    const cluster = new MemoryCluster(snapshot([apart]));
    const result = await apply(cluster, { ...plan, conflicts: [excuse] });
    expect(result).toMatchObject({ outcome: "stale", error: { code: "plan_stale" } });
    expect(result.error?.message).toContain("never-meet");
    expect(cluster.started).toEqual([]);
  });

  it("may leave broken what the engine itself cannot keep", async () => {
    const crowd = { ...apart, guests: [1, 2, 3] };
    const two = { ...snapshot([crowd]), nodes: snapshot().nodes.slice(0, 2) };
    const result = await apply(new MemoryCluster(two), plan);
    expect(result.outcome).toBe("succeeded");
  });

  it("crowds no more guests together than the engine would, where a rule cannot be kept", async () => {
    const four = [...guests.slice(0, 2), sampleGuest(3, "c"), sampleGuest(4, "a")];
    const crowd = { ...apart, guests: [1, 2, 3, 4] };
    const crowded = { ...snapshot([crowd]), guests: four };
    const cluster = new MemoryCluster(crowded);
    const gather = [sampleMove(1, "a", "b"), sampleMove(3, "c", "b"), sampleMove(4, "a", "b")];
    const result = await apply(cluster, samplePlan(gather));
    expect(result).toMatchObject({ outcome: "stale", error: { code: "plan_stale" } });
    expect(cluster.started).toEqual([]);
    // One of them has to be where another is; which one is for the plan to say.
    const other = await apply(new MemoryCluster(crowded), samplePlan([sampleMove(4, "a", "b")]));
    expect(other.outcome).toBe("succeeded");
  });

  it("fills no node beyond the limit of the rules, whatever limits and loads it brings along", async () => {
    const nodes = [
      { ...{ name: "b", active: true, load: 1, cpu: 0, disk: 0 }, memory: 1, guests: 1 },
    ];
    const bold = {
      ...plan,
      limits: { memoryUsed: null },
      before: { ...plan.before, nodes },
    };
    const cluster = new MemoryCluster(snapshot());
    const result = await apply(cluster, bold, { limits: { memoryUsed: 0.2 } });
    expect(result.moves[0]?.error?.message).toContain("over its limit of 20 %");
    expect(cluster.started).toEqual([]);
  });

  it("hides no guest that is on its way by saying that it is small", async () => {
    const light = [1, 3].map((id) => ({ ...sampleMove(id, "a", "b"), memoryBytes: 0 }));
    const cluster = new MemoryCluster(snapshot());
    const held = Promise.withResolvers<void>();
    cluster.behaviours.set(1, { hold: held.promise });
    const parallel = { maxParallel: 2, maxInflowPerNode: 2, maxOutflowPerNode: 2 };
    // Of 64 GiB 8 are in use on b; the first guest still fits in, both do not.
    const asked = { ...samplePlan(light), parallel };
    const running = apply(cluster, asked, { limits: { memoryUsed: 16 / 64 } });
    held.resolve();
    expect((await running).moves.map(({ state }) => state)).toEqual(["done", "skipped"]);
  });

  it("has another hash with each part that an apply keeps to", () => {
    const parallel = { maxParallel: 9, maxInflowPerNode: 9, maxOutflowPerNode: 9 };
    const others: readonly Partial<RebalancePlan>[] = [
      { limits: { memoryUsed: null } },
      { parallel },
      { maintenanceNodes: ["c"] },
      { ignoreNodes: ["c"] },
      { method: "cpu" },
      { mode: "assigned" },
    ];
    for (const other of others) {
      expect(bindingOf({ ...plan, ...other }), JSON.stringify(other)).not.toEqual(bindingOf(plan));
    }
    const louder = { ...plan.before, nodes: [], spread: 40 * GiB };
    expect(bindingOf({ ...plan, before: louder })).toEqual(bindingOf(plan));
  });
});

describe("a node that was put into maintenance after planning", () => {
  it("gets no guest, though the plan has a list of its own", async () => {
    const cluster = new MemoryCluster(snapshot());
    const result = await apply(
      cluster,
      { ...plan, maintenanceNodes: [] },
      { maintenanceNodes: ["b"] },
    );
    expect(result).toMatchObject({ outcome: "stale", error: { code: "plan_stale" } });
    expect(cluster.started).toEqual([]);
  });

  it("gets none of those that have not started by then", async () => {
    const cluster = new MemoryCluster(snapshot());
    const moves = [sampleMove(1, "a", "b"), sampleMove(3, "a", "b", 1)];
    const maintenanceNodes = async () => (cluster.started.length === 0 ? [] : ["b"]);
    const result = await apply(cluster, samplePlan(moves), {}, { maintenanceNodes });
    expect(result.moves.map(({ state }) => state)).toEqual(["done", "skipped"]);
    expect(result.moves[1]?.error?.message).toContain("b is in maintenance now");
  });
});

it("a run that another process has stopped begins no further move", async () => {
  const cluster = new MemoryCluster(snapshot());
  const moves = [sampleMove(1, "a", "b"), sampleMove(3, "a", "b", 1)];
  const isCancelled = async () => cluster.started.length > 0;
  const result = await apply(cluster, samplePlan(moves), {}, { isCancelled });
  expect(result.outcome).toBe("cancelled");
  expect(result.moves.map(({ state }) => state)).toEqual(["done", "skipped"]);
});
