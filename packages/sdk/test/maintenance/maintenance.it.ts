import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Kappa4 } from "../../src/index.ts";
import { setMaintenance } from "../../src/settings/maintenance.ts";
import { openStore } from "../../src/store/index.ts";
import { type Lab, openLab } from "../simulated/lab.ts";
import { type ClosedStore, closedStore } from "../store/support/fresh-store.ts";

let made: ClosedStore;
let lab: Lab;
let kappa4: Kappa4;
const reason = "its power supply hums";

beforeAll(async () => {
  made = await closedStore();
  const store = await openStore(made.options);
  // It was there when it was put into maintenance.
  const sold = { node: "pve8", reason, by: "local", since: new Date(0) };
  const change = { nodes: [sold], after: 0, by: "local", at: new Date(0) };
  await store.inOrg(store.defaultOrg, (tx) => setMaintenance(tx, "lab", change));
  await store.close();
  lab = await openLab({ seed: 3, nodes: 4, guests: 12, localDisks: 0, store: made.options });
  ({ kappa4 } = lab);
});

afterAll(async () => {
  await lab.close();
  await made.remove();
});

describe("maintenance", () => {
  it("refuses a node that is not there", async () => {
    await expect(kappa4.maintenance.enter({ node: "pve9", reason })).rejects.toMatchObject({
      code: "not_found",
      message: expect.stringContaining('has no node "pve9" to empty'),
    });
    expect(await kappa4.maintenance.list()).toMatchObject([{ node: "pve8" }]);
  });

  it("of a node that has left the cluster is told of by plans, and stops none", async () => {
    const plan = await kappa4.rebalance.plan();
    expect(plan.content.conflicts).toContainEqual({
      code: "option-unknown-name",
      rules: [],
      guests: [],
      message:
        "maintenanceNodes names the node pve8, which the cluster does not have; correct the name, or take the node out of maintenance.",
    });
    await expect(kappa4.rules.check()).resolves.toBeDefined();
    const misspelt = { options: { maintenanceNodes: ["pve9"] } };
    await expect(kappa4.rebalance.plan(misspelt)).rejects.toMatchObject({
      code: "not_found",
    });
    await kappa4.maintenance.leave({ node: "pve8", reason: "it was sold" });
    expect((await kappa4.rebalance.plan()).content.maintenanceNodes ?? []).toEqual([]);
  });

  it("is emptied by every plan until it is over, and its moves can be listed", async () => {
    const [first] = await kappa4.nodes.list();
    const node = first?.name ?? "";
    const { guests } = await kappa4.nodes.get({ node });
    const entered = await kappa4.maintenance.enter({ node, reason });
    expect(entered).toMatchObject({ node, reason, by: "local" });
    expect(await kappa4.maintenance.list()).toEqual([entered]);
    await expect(kappa4.maintenance.enter({ node, reason })).rejects.toMatchObject({
      code: "conflict",
    });

    const plan = await kappa4.rebalance.plan({ options: { goal: "rules" } });
    expect(plan.content.maintenanceNodes).toEqual([node]);
    const left = plan.content.moves.filter(({ from }) => from === node).map(({ guest }) => guest);
    expect(new Set(left)).toEqual(new Set(guests.map(({ id }) => id)));
    expect(plan.risk).toBe(3);
    const other = (await kappa4.nodes.list()).at(-1)?.name ?? "";
    const both = await kappa4.rebalance.plan({
      options: { goal: "rules", maintenanceNodes: [other] },
    });
    expect(both.content.maintenanceNodes).toEqual([node, other].sort());
    const look = await kappa4.rebalance.preview({ options: { goal: "rules" } });
    expect(look.moves).toEqual(plan.content.moves);

    const answer = await kappa4.rebalance.apply({ plan: plan.id, reason });
    if (answer.state !== "started") throw new Error("it was to start");
    const run = await kappa4.runs.wait({ run: answer.run.id });
    expect(run.state).toBe("succeeded");
    expect((await kappa4.nodes.get({ node })).guests).toEqual([]);

    const moves = await kappa4.migrations.list();
    expect(moves).toHaveLength(plan.content.moves.length);
    const ends = moves.map(({ endedAt }) => endedAt?.getTime() ?? 0);
    expect(ends).toEqual(ends.toSorted((a, b) => b - a));
    const [guest] = guests;
    expect(await kappa4.migrations.list({ guest: guest?.id })).toMatchObject([
      { guest: guest?.id, from: node, state: "done", run: run.shortId, requestedBy: "local" },
    ]);
    expect(await kappa4.migrations.list({ guest: guest?.name })).toHaveLength(1);
    expect(await kappa4.migrations.list({ guest: "nobody" })).toEqual([]);

    const after = await kappa4.rebalance.plan({ options: { balanciness: 1, maxMoves: 3 } });
    expect(after.content.maintenanceNodes).toEqual([node]);
    // The node is empty: levelling the others is no drain.
    expect(after.risk).toBe(1);

    await kappa4.maintenance.leave({ node, reason: "it was replaced" });
    expect(await kappa4.maintenance.list()).toEqual([]);
    await expect(kappa4.maintenance.leave({ node, reason })).rejects.toMatchObject({
      code: "not_found",
    });
    const next = await kappa4.rebalance.plan();
    expect(next.content.maintenanceNodes ?? []).toEqual([]);
  });
});
