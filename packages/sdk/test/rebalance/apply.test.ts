import { type GuestId, Kappa4Error, OperationFailedError } from "@kappa4/connectors";
import { describe, expect, it } from "vitest";
import type { RebalancePlan } from "../../src/balancing/index.ts";
import { EngineThread } from "../../src/engine-thread.ts";
import { applyPlan } from "../../src/rebalance/apply.ts";
import type { ApplyEvent, ApplyOptions, ApplyRun, MoveState } from "../../src/rebalance/events.ts";
import { collect } from "./collect.ts";
import { MemoryCluster, virtualClock } from "./memory-cluster.ts";
import { sampleCluster, sampleGuest, sampleMove, samplePlan } from "./samples.ts";

const nodes = ["a", "b", "c", "d"];
const guests = [1, 2, 3, 4].map((id) => sampleGuest(id, "a"));
const moves = [sampleMove(1, "a", "b"), sampleMove(2, "a", "c"), sampleMove(3, "a", "d", 1)];
const plan = samplePlan(moves);

function cluster(): MemoryCluster {
  return new MemoryCluster(sampleCluster(nodes, guests));
}

function start(lab: MemoryCluster, asked: RebalancePlan, options: ApplyOptions = {}): ApplyRun {
  return applyPlan(
    { cluster: lab, clock: virtualClock(), engine: new EngineThread(), rules: {} },
    asked,
    options,
  );
}

function statesOf(result: { moves: readonly { state: MoveState }[] }): MoveState[] {
  return result.moves.map(({ state }) => state);
}

function failure(outcome: "not_applied" | "unknown"): Kappa4Error {
  return new Kappa4Error("network", "The line to lab was cut; look at the guest.", { outcome });
}

describe("applyPlan", () => {
  it("moves every guest and measures before and after", async () => {
    const lab = cluster();
    const result = await start(lab, plan).result;
    expect(result.outcome).toBe("succeeded");
    expect(lab.placements()).toEqual(
      new Map<GuestId, string>([
        [1, "b"],
        [2, "c"],
        [3, "d"],
        [4, "a"],
      ]),
    );
    expect(result.before?.spread).toBeGreaterThan(result.after?.spread ?? Number.POSITIVE_INFINITY);
  });

  it("tells of every change, in order, also to those who listen late", async () => {
    const run = start(cluster(), plan);
    await run.result;
    const events: ApplyEvent[] = await collect(run);
    expect(events[0]?.type).toBe("started");
    expect(events.at(-1)?.type).toBe("finished");
    const first = events.flatMap((event) =>
      event.type === "move" && event.index === 0 ? [event.status.state] : [],
    );
    expect(first).toEqual(["running", "done"]);
  });

  it("starts nothing of a plan whose guest has moved since", async () => {
    const lab = cluster();
    lab.change(2, { node: "d" });
    const result = await start(lab, plan).result;
    expect(result.outcome).toBe("stale");
    expect(statesOf(result)).toEqual(["skipped", "skipped", "skipped"]);
    expect(lab.started).toEqual([]);
  });

  it("starts nothing of a plan that was made for another cluster", async () => {
    const lab = cluster();
    const foreign = { ...plan, cluster: "gold" };
    const result = await start(lab, foreign).result;
    expect(result.outcome).toBe("stale");
    expect(result.moves[0]?.error?.message).toContain("cluster gold, not for lab");
    expect(lab.started).toEqual([]);
  });

  it("starts nothing while the cluster cannot be read, and says why once", async () => {
    const lab = cluster();
    lab.unreadable = failure("not_applied");
    const result = await start(lab, plan).result;
    expect(result).toMatchObject({ outcome: "refused", before: null, after: null });
    expect(result.error?.code).toBe("network");
    expect(lab.started).toEqual([]);
  });

  it("starts nothing when another guest has come to the id that was approved", async () => {
    const lab = cluster();
    lab.change(3, { name: "somebody-else" });
    const result = await start(lab, plan).result;
    expect(result.outcome).toBe("stale");
    expect(result.error?.message).toContain("3 is somebody-else now, not vm-3");
    expect(lab.started).toEqual([]);
  });

  it.each([
    ["ignored", 1, ["plb_ignore"], "set to be ignored"],
    ["pinned elsewhere", 2, ["plb_pin_d"], "would break rule pin:2"],
  ])("starts nothing when a guest is %s since the plan was made", async (_, id, tags, words) => {
    const lab = cluster();
    lab.change(id, { tags });
    const result = await start(lab, plan).result;
    expect(result.outcome).toBe("stale");
    expect(result.error?.message).toContain(words);
    expect(lab.started).toEqual([]);
  });

  it("starts nothing when a guest is locked", async () => {
    const lab = cluster();
    lab.change(1, { lock: "backup" });
    const result = await start(lab, plan).result;
    expect(result).toMatchObject({ outcome: "stale", error: { code: "conflict" } });
    expect(lab.started).toEqual([]);
  });

  it("accounts for every guest even after a fault of its own", async () => {
    const lab = cluster();
    lab.behaviours.set(1, { fail: new TypeError("boom") });
    const result = await start(lab, plan).result;
    expect(statesOf(result)).toEqual(["failed", "done", "skipped"]);
    expect(result.moves[0]?.error?.code).toBe("internal");
  });

  it("measures without the nodes that the plan left out", async () => {
    const result = await start(cluster(), { ...plan, maintenanceNodes: ["a"] }).result;
    expect(result.after?.nodes.find(({ name }) => name === "a")?.active).toBe(false);
    expect(result.before?.violations).toBe(4);
    expect(result.after?.violations).toBe(1);
  });

  it("stops at the first failure and accounts for the rest", async () => {
    const lab = cluster();
    lab.behaviours.set(1, { fail: failure("not_applied") });
    const result = await start(lab, plan).result;
    expect(result.outcome).toBe("failed");
    expect(statesOf(result)).toEqual(["failed", "done", "skipped"]);
  });

  it("goes on after a failure when told to, but not with what needed the failed move", async () => {
    const lab = cluster();
    const dependent = samplePlan([
      sampleMove(1, "a", "b"),
      sampleMove(2, "a", "c"),
      sampleMove(3, "a", "d", 1),
      sampleMove(1, "b", "c", 2),
    ]);
    lab.behaviours.set(1, { fail: failure("not_applied") });
    const result = await start(lab, dependent, { onFailure: "continue" }).result;
    expect(statesOf(result)).toEqual(["failed", "done", "done", "skipped"]);
  });

  it("starts nothing more after a cancel and follows what runs to its end", async () => {
    const lab = cluster();
    const gate = Promise.withResolvers<void>();
    lab.behaviours.set(1, { hold: gate.promise });
    const run = start(lab, plan, { maxParallel: 1 });
    for await (const event of run) {
      if (event.type === "move" && event.status.state === "running") break;
    }
    run.cancel();
    gate.resolve();
    const result = await run.result;
    expect(result.outcome).toBe("cancelled");
    expect(statesOf(result)).toEqual(["done", "skipped", "skipped"]);
    expect(lab.placements().get(1)).toBe("b");
  });

  it("does nothing at all when cancelled before it began", async () => {
    const lab = cluster();
    const result = await start(lab, plan, { signal: AbortSignal.abort() }).result;
    expect(result.outcome).toBe("cancelled");
    expect(lab.started).toEqual([]);
  });

  it("finds a guest whose move it lost sight of, and sends nothing twice", async () => {
    const lab = cluster();
    lab.behaviours.set(1, { failAfterMove: failure("unknown") });
    lab.behaviours.set(2, { fail: failure("unknown") });
    const result = await start(lab, plan).result;
    expect(statesOf(result)).toEqual(["done", "failed", "skipped"]);
    expect(result.moves[0]?.warnings[0]).toContain("found on b");
    expect(result.moves[1]?.error?.outcome).toBe("not_applied");
    expect(lab.started.filter(({ guest }) => guest === 1)).toHaveLength(1);
  });

  it("leaves a move unknown whose guest cannot be seen at rest", async () => {
    const lab = cluster();
    lab.behaviours.set(1, { fail: failure("unknown") });
    const run = start(lab, samplePlan([moves[0]!]));
    for await (const event of run) {
      if (event.type === "move" && event.status.state === "unknown")
        lab.change(1, { lock: "migrate" });
    }
    const result = await run.result;
    expect(statesOf(result)).toEqual(["unknown"]);
    expect(result.outcome).toBe("failed");
  });

  it("does not say that a move did not happen while it may only not have begun", async () => {
    const lab = cluster();
    const clock = virtualClock();
    lab.behaviours.set(1, { fail: failure("unknown") });
    const run = applyPlan(
      { cluster: lab, clock, engine: new EngineThread(), rules: {} },
      samplePlan([moves[0]!]),
    );
    const lostAt: number[] = [];
    for await (const event of run) {
      if (event.type === "move" && event.status.state === "unknown") lostAt.push(clock.now());
      if (event.type !== "finished") continue;
      expect(event.result.endedAt.getTime() - lostAt[0]!).toBeGreaterThanOrEqual(60_000);
    }
    expect(statesOf(await run.result)).toEqual(["failed"]);
  });

  it("follows the operation again after contact was lost", async () => {
    const lab = cluster();
    lab.behaviours.set(1, { loseOnce: failure("unknown") });
    const result = await start(lab, plan).result;
    expect(statesOf(result)).toEqual(["done", "done", "done"]);
    expect(lab.started).toHaveLength(3);
  });

  it("starts nothing on the nodes of a move that may go on", async () => {
    const lab = cluster();
    lab.behaviours.set(1, { fail: failure("unknown") });
    lab.change(2, { node: "c" });
    const mixed = samplePlan([
      sampleMove(1, "a", "b"),
      sampleMove(2, "c", "b"),
      sampleMove(3, "a", "d"),
    ]);
    const run = start(lab, mixed, { onFailure: "continue" });
    for await (const event of run) {
      if (event.type === "move" && event.status.state === "unknown")
        lab.change(1, { lock: "migrate" });
    }
    const result = await run.result;
    expect(statesOf(result)).toEqual(["unknown", "skipped", "done"]);
    expect(result.moves[1]?.error?.message).toContain("vm-1 may still be on its way from a to b");
  });

  it("keeps the limits on moves at the same time", async () => {
    const lab = cluster();
    const wide = samplePlan([1, 2, 3].map((id) => sampleMove(id, "a", nodes[id] ?? "b")));
    await start(lab, wide, { maxOutflowPerNode: 1 }).result;
    expect(lab.peak).toBe(1);
    const planned = { maxParallel: 1, maxInflowPerNode: 1, maxOutflowPerNode: 1 };
    const other = cluster();
    await start(other, { ...wide, parallel: planned }).result;
    expect(other.peak).toBe(1);
  });

  it("starts nothing, and says so from the beginning, when every guest is on its target already", async () => {
    const lab = cluster();
    for (const { guest, to } of moves) lab.change(guest, { node: to });
    const run = start(lab, plan);
    const { outcome, moves: told } = await run.result;
    expect(outcome).toBe("succeeded");
    for (const status of told) {
      expect(status).toMatchObject({ state: "done", warnings: [] });
      expect(status.startedAt).toBeUndefined();
    }
    const [first, ...rest] = await collect(run);
    expect(first).toMatchObject({ type: "started", moves: told });
    expect(rest.map(({ type }) => type)).toEqual(["finished"]);
  });

  it("tells of a stale plan once, with its reason where it belongs", async () => {
    const lab = cluster();
    lab.change(2, { node: "d" });
    const run = start(lab, plan);
    const { error, moves: told } = await run.result;
    expect(error?.message).toBe("vm-2 is on d, not on a as planned; plan again");
    expect(told[1]?.error?.message).toBe(error?.message);
    expect(told[0]?.error?.message).not.toBe(error?.message);
    expect(told[2]?.error).toEqual(told[0]?.error);
    expect((await collect(run)).map(({ type }) => type)).toEqual(["started", "finished"]);
  });

  it("says of a node that does not exist just that", async () => {
    const astray = samplePlan([sampleMove(1, "a", "pve9")]);
    const { error } = await start(cluster(), astray).result;
    expect(error?.message).toBe("there is no node pve9; plan again");
  });

  it("finds no fault with what was not started because the run was stopped", async () => {
    const run = start(cluster(), plan);
    run.cancel();
    const { outcome, moves: told } = await run.result;
    expect(outcome).toBe("cancelled");
    for (const status of told) expect(status).not.toHaveProperty("error");
  });

  it("passes on the log of a move that failed", async () => {
    const lab = cluster();
    const log = ["starting migration of VM 1", "ERROR: migration aborted"];
    lab.behaviours.set(1, { fail: new OperationFailedError("migrate of vm:1 failed.", { log }) });
    const { moves: told } = await start(lab, plan).result;
    expect(told[0]?.error).toMatchObject({ code: "operation_failed", log });
  });

  it("counts a guest that is on its target already as done", async () => {
    const lab = cluster();
    lab.change(1, { node: "b" });
    const result = await start(lab, plan).result;
    expect(result.outcome).toBe("succeeded");
    expect(lab.started.map(({ guest }) => guest)).toEqual([2, 3]);
  });
});

describe("what a run says is not reached", () => {
  const drain: RebalancePlan = { ...plan, maintenanceNodes: ["a"] };

  it("names the guests that are still on a node to be emptied", async () => {
    const { outcome, unreached } = await start(cluster(), drain).result;
    expect(outcome).toBe("succeeded");
    expect(unreached).toEqual([
      {
        code: "drain-blocked",
        rules: [],
        guests: [4],
        node: "a",
        message: "a is not empty: vm-4 (4) is still on it.",
      },
    ]);
  });

  it("is nothing when the node is empty, templates left aside", async () => {
    const lab = cluster();
    lab.change(4, { template: true, status: "stopped" });
    expect((await start(lab, drain).result).unreached).toEqual([]);
  });

  it("counts what arrived on the node after the plan, and what nobody knows anything of", async () => {
    const lab = new MemoryCluster(sampleCluster(nodes, [...guests, sampleGuest(9, "a")]));
    lab.change(4, { status: "unknown" });
    const [left] = (await start(lab, drain).result).unreached;
    expect(left?.message).toBe("a is not empty: vm-4 (4) and vm-9 (9) are still on it.");
  });

  it("looks at nodes that the cluster itself has in maintenance, too", async () => {
    const snapshot = sampleCluster(nodes, guests);
    const marked = snapshot.nodes.map((node) => ({ ...node, maintenance: node.name === "a" }));
    const lab = new MemoryCluster({ ...snapshot, nodes: marked });
    expect((await start(lab, plan).result).unreached).toHaveLength(1);
  });

  it("is told of a plan without moves, too", async () => {
    const result = await start(cluster(), { ...drain, moves: [] }).result;
    expect(result.outcome).toBe("succeeded");
    expect(result.unreached[0]?.guests).toEqual([1, 2, 3, 4]);
  });

  it("goes by what was moved where the cluster is not read at the end", async () => {
    const lab = cluster();
    const { promise, resolve } = Promise.withResolvers<void>();
    lab.behaviours.set(1, { hold: promise });
    const run = start(lab, drain, { maxOutflowPerNode: 1 });
    for await (const event of run) {
      if (event.type !== "move" || event.status.state !== "running") continue;
      run.cancel();
      resolve();
    }
    const { outcome, after, unreached } = await run.result;
    expect({ outcome, after }).toEqual({ outcome: "cancelled", after: null });
    expect(unreached[0]?.guests).toEqual([2, 3, 4]);
  });

  it("has what the plan could not reach either, and no mistakes in the text of rules", async () => {
    const common = { guests: [], message: "No." };
    const conflicts = [
      { ...common, code: "apart-too-many", rules: ["apart"] },
      { ...common, code: "rule-unknown-guest", rules: ["typo"] },
      { ...common, code: "drain-blocked", rules: [], node: "a" },
    ] as const;
    const partial: RebalancePlan = { ...plan, status: "partial", conflicts };
    const { unreached } = await start(cluster(), partial).result;
    expect(unreached).toEqual([conflicts[0]]);
  });
});
