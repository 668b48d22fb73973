import { afterAll, beforeAll, expect, it } from "vitest";
import { type Lab, openLab } from "../simulated/lab.ts";
import { type ClosedStore, closedStore } from "../store/support/fresh-store.ts";

let made: ClosedStore;
let lab: Lab;
const options = { balanciness: 2, maxMoves: 3 };

beforeAll(async () => {
  made = await closedStore();
  lab = await openLab({ seed: 5, nodes: 5, guests: 60, store: made.options });
});

afterAll(async () => {
  await lab.close();
  await made.remove();
});

async function status() {
  const [only, ...others] = await lab.kappa4.rebalance.status();
  expect(others).toEqual([]);
  return only;
}

async function rebalance() {
  const plan = await lab.kappa4.rebalance.plan({ options });
  const answer = await lab.kappa4.rebalance.apply({ plan: plan.id });
  if (answer.state !== "started") throw new Error("it was to start");
  return lab.kappa4.runs.wait({ run: answer.run.id });
}

it("says what is planned and until when, what was done, and that nothing may start", async () => {
  const nothing = { plan: undefined, run: undefined, worker: undefined, last: undefined };
  const free = { frozen: undefined, deadline: undefined };
  expect(await status()).toEqual({ connection: "lab", ...nothing, ...free });
  const plan = await lab.kappa4.rebalance.plan({ options });
  const moves = plan.content.moves.length;
  expect(await status()).toMatchObject({
    plan: { shortId: plan.shortId, state: "draft", moves, approval: undefined },
    deadline: { at: plan.expiresAt, of: plan.shortId },
  });
  const answer = await lab.kappa4.rebalance.apply({ plan: plan.id });
  if (answer.state !== "started") throw new Error("it was to start");
  const under = await status();
  expect(under?.run?.shortId ?? under?.last?.shortId).toBe(answer.run.shortId);
  await lab.kappa4.runs.wait({ run: answer.run.id });
  await lab.kappa4.service.stop({ reason: "the network is being changed" });
  expect(await status()).toMatchObject({
    plan: { state: "consumed", approval: { state: "succeeded" } },
    run: undefined,
    last: { state: "succeeded", moves: { total: moves, done: moves }, requestedBy: "local" },
    frozen: { by: "local", reason: "the network is being changed" },
    deadline: undefined,
  });
  // What belongs to one plan is found by its name, and each entry has its hash.
  const recorded = await lab.kappa4.audit.search({ target: `plan:${plan.shortId}` });
  const made = recorded.filter(({ entry }) => String(entry.action).startsWith("rebalance."));
  expect(made.map(({ entry }) => [entry.action, entry.planHash]).toSorted()).toEqual([
    ["rebalance.apply", plan.hash],
    ["rebalance.plan", plan.hash],
  ]);
  const start = await lab.kappa4.service.start({ reason: "it is changed" });
  if (start.state === "started") await lab.kappa4.runs.wait({ run: start.run.id });
  const nowhere = lab.kappa4.rebalance.status({ connection: "nowhere" });
  await expect(nowhere).rejects.toMatchObject({ code: "not_found" });
});

it("lists what is over, a page at a time; lists of runs are short, a run is whole", async () => {
  const second = await rebalance();
  const all = await lab.kappa4.rebalance.history();
  expect(all.map(({ shortId }) => shortId)).toEqual([second.shortId, all[1]?.shortId]);
  expect(all[0]?.durationMs).toBe(
    (second.endedAt?.getTime() ?? 0) - (second.startedAt?.getTime() ?? 0),
  );
  const page = await lab.kappa4.rebalance.history({ limit: 1 });
  expect(page).toEqual(all.slice(0, 1));
  const [first] = page;
  for (const before of [first?.id, first?.shortId, first?.shortId.toLowerCase()]) {
    expect(await lab.kappa4.rebalance.history({ before })).toEqual(all.slice(1));
  }
  const wrong = lab.kappa4.rebalance.history({ before: "R-0001" });
  await expect(wrong).rejects.toMatchObject({ code: "not_found" });

  const [listed] = await lab.kappa4.runs.list({ action: "rebalance.apply" });
  expect(Object.keys(listed ?? {})).not.toContain("result");
  expect(Object.keys(listed ?? {})).not.toContain("progress");
  expect(await lab.kappa4.runs.get({ run: second.id })).toMatchObject({
    ...listed,
    result: { outcome: "succeeded" },
  });
});
