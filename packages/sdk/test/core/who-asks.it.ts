import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunAnswer } from "../../src/index.ts";
import { openStore, type StoredRun } from "../../src/store/index.ts";
import { type Lab, openLab } from "../simulated/lab.ts";
import { type ClosedStore, closedStore } from "../store/support/fresh-store.ts";
import { join, type Somebody } from "./people.ts";

let made: ClosedStore;
let lab: Lab;
const people = new Map<string, Somebody["id"]>();
const options = { balanciness: 2, maxMoves: 7 };
const reason = "one node is full";

function idOf(name: string): Somebody["id"] {
  const id = people.get(name);
  if (id === undefined) throw new Error(`nobody is called ${name}`);
  return id;
}

function as(name: string): Somebody["kappa4"] {
  return lab.kappa4.as({ actor: { kind: "person", id: idOf(name) }, via: "slack" });
}

function waiting(answer: RunAnswer) {
  if (answer.state !== "waiting") throw new Error("it was to wait");
  return answer.approval;
}

beforeAll(async () => {
  made = await closedStore();
  const store = await openStore(made.options);
  for (const name of ["ana", "eva", "ben"]) people.set(name, await join(store, name, "operator"));
  await store.close();
  const cluster = "kappa4";
  lab = await openLab({ seed: 5, nodes: 5, guests: 60, cluster, store: made.options });
});

afterAll(async () => {
  await lab.close();
  await made.remove();
});

describe("who has edited a schedule last", () => {
  it("approves no plan of it, whoever asks for that", async () => {
    const schedule = lab.kappa4.as({
      actor: { kind: "schedule", id: "nightly", editedBy: idOf("eva") },
      via: "schedule",
    });
    const plan = await schedule.rebalance.plan({ options });
    expect(plan).toMatchObject({ risk: 2, requestedBy: "schedule:nightly" });
    const { id: approval, hash } = waiting(
      await as("ana").rebalance.apply({ plan: plan.id, reason }),
    );
    const own = as("eva").approvals.approve({ approval, hash });
    await expect(own).rejects.toMatchObject({
      code: "permission",
      context: { operation: "own_edit" },
    });
    const { approvers } = await lab.kappa4.approvals.get({ approval });
    expect(approvers.map(({ name }) => name)).toEqual(["ben"]);
    await as("ana").approvals.withdraw({ approval });
  });
});

describe("how much can go wrong", () => {
  it("is not for an adopted plan to say: a drain is one by whatever name", async () => {
    const [node] = await lab.kappa4.nodes.list();
    const maintenanceNodes = [node?.name ?? ""];
    const drain = await lab.kappa4.rebalance.preview({
      options: { maintenanceNodes, goal: "rules" },
    });
    const moves = drain.moves.slice(0, 3).map((move) => ({ ...move, reasons: [] }));
    const piece = { ...drain, maintenanceNodes: [], moves };
    expect(await as("ben").rebalance.adopt({ plan: piece })).toMatchObject({ risk: 1 });
    await lab.kappa4.maintenance.enter({ node: node?.name ?? "", reason });
    const plan = await as("ben").rebalance.adopt({ plan: piece });
    expect(plan).toMatchObject({ risk: 3, content: { emptiedNodes: maintenanceNodes } });
    expect(waiting(await as("ben").rebalance.apply({ plan: plan.id, reason }))).toMatchObject({
      quorum: { approvals: 2, admins: 1 },
    });
    await lab.kappa4.maintenance.leave({ node: node?.name ?? "", reason });
  });

  it("adds up where people cut a plan into pieces, for an hour", async () => {
    const preview = await lab.kappa4.rebalance.preview({ options: { balanciness: 1 } });
    const [first, second] = [preview.moves.slice(0, 3), preview.moves.slice(3, 6)];
    const adopt = (name: string, moves: typeof first) =>
      as(name).rebalance.adopt({
        plan: { ...preview, moves: moves.map((one) => ({ ...one, wave: 0 })) },
      });
    const one = await adopt("eva", first);
    const started = await as("eva").rebalance.apply({ plan: one.id, reason });
    if (started.state !== "started") throw new Error("it was to start");
    expect((await lab.kappa4.runs.wait({ run: started.run.id })).state).toBe("succeeded");

    const two = await adopt("eva", second);
    expect(two.risk).toBe(2);
    const { id: approval } = waiting(await as("eva").rebalance.apply({ plan: two.id, reason }));
    await as("eva").approvals.withdraw({ approval });
    // It counts for whoever asks next, and an hour later it is over; a plan with nothing left to do counts for nothing.
    expect(await adopt("ben", second)).toMatchObject({ risk: 2 });
    lab.simulator.advance(61 * 60 * 1000);
    const idle = await as("ben").rebalance.apply({
      plan: (await adopt("ben", first)).id,
      reason,
    });
    if (idle.state !== "started") throw new Error("it was to start");
    await lab.kappa4.runs.wait({ run: idle.run.id });
    expect(await adopt("eva", second)).toMatchObject({ risk: 1 });
  });
});

describe("whose turn it is", () => {
  it("is not for an adopted plan to say: its cluster is the one that is read", async () => {
    const preview = await lab.kappa4.rebalance.preview({ options });
    for (const cluster of ["gold", "Kappa4 itself"]) {
      const adopted = as("ben").rebalance.adopt({ plan: { ...preview, cluster } });
      await expect(adopted).rejects.toMatchObject({
        code: "plan_stale",
        message: `this plan is for cluster ${cluster}, not for kappa4; plan again.`,
      });
    }
    expect(await as("ben").rebalance.adopt({ plan: preview })).toMatchObject({ cluster: "kappa4" });
  });

  it("is another one for Kappa4's own records, whatever a cluster is called", async () => {
    const given = await lab.kappa4.grants.give({
      ...{ user: "ben@example.com", role: "viewer", reason },
    });
    if (given.state !== "started") throw new Error("it was to start");
    expect(given.run).toMatchObject({ connection: "kappa4", cluster: "Kappa4 itself" });
    expect((await lab.kappa4.runs.wait({ run: given.run.id })).state).toBe("succeeded");
  });
});

describe("a plan without moves", () => {
  it("is asked for by nobody, and so ends no request of others", async () => {
    const node = (await lab.kappa4.nodes.list())[0]?.name ?? "";
    const drain = await as("ana").rebalance.plan({
      options: { maintenanceNodes: [node], goal: "rules" },
    });
    const { id: approval } = waiting(await as("ana").rebalance.apply({ plan: drain.id, reason }));
    lab.simulator.advance(1_000);
    const plan = await as("ben").rebalance.adopt({ plan: { ...drain.content, moves: [] } });
    await expect(as("ben").rebalance.apply({ plan: plan.id, reason })).rejects.toMatchObject({
      code: "failed_precondition",
      message: expect.stringContaining("nothing to do"),
    });
    expect(await lab.kappa4.approvals.get({ approval })).toMatchObject({ state: "pending" });
    await as("ana").approvals.withdraw({ approval });
  });
});

describe("how a plan is to be carried out", () => {
  it("is shown to those who approve, part of the hash, and kept until the run", async () => {
    const plan = await as("ana").rebalance.plan({ options });
    const asked = { plan: plan.id, reason, maxParallel: 1, onFailure: "continue" } as const;
    const request = waiting(await as("ana").rebalance.apply(asked));
    expect(request.options).toEqual({ maxParallel: 1, onFailure: "continue" });
    expect(request.hash).not.toBe(plan.hash);
    const { id: approval, hash } = request;
    const other = as("eva").approvals.approve({ approval, hash: plan.hash });
    await expect(other).rejects.toMatchObject({ code: "plan_stale" });
    // The same plan, asked for in another way, is the same plan.
    const again = as("ben").rebalance.apply({ plan: plan.id, reason });
    await expect(again).rejects.toMatchObject({ context: { operation: "same_request_open" } });

    const granted = await as("eva").approvals.approve({ approval, hash });
    if (granted.state !== "started") throw new Error("it was to start");
    const run = await lab.kappa4.runs.wait({ run: granted.run.id });
    expect(run.state).toBe("succeeded");
    await lab.kappa4.close();
    expect((await storedRun(granted.run.id)).input).toEqual(asked);
  });
});

async function storedRun(id: StoredRun["id"]): Promise<StoredRun> {
  const store = await openStore(made.options);
  const run = await store.inOrg(store.defaultOrg, (tx) => tx.runs.find(id));
  await store.close();
  if (run === undefined) throw new Error("there is no such run");
  return run;
}
