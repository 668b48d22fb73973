import { afterEach, beforeEach, expect, it } from "vitest";
import type { Kappa4 } from "../../src/index.ts";
import { listen, type Traces } from "../../src/telemetry/channels.ts";
import { type Lab, openLab } from "../simulated/lab.ts";
import { type ClosedStore, closedStore } from "../store/support/fresh-store.ts";

let made: ClosedStore;
let lab: Lab;
let kappa4: Kappa4;
const heard: { [Name in keyof Traces]: Traces[Name][] } = {
  "kappa4:action": [],
  "kappa4:run": [],
  "kappa4:operation": [],
  "kappa4:request": [],
};
const stops: (() => void)[] = [];

beforeEach(async () => {
  made = await closedStore();
  lab = await openLab({ seed: 5, nodes: 5, guests: 60, store: made.options });
  ({ kappa4 } = lab);
  stops.push(
    listen("kappa4:action", (trace) => heard["kappa4:action"].push(trace)),
    listen("kappa4:run", (trace) => heard["kappa4:run"].push(trace)),
    listen("kappa4:operation", (trace) => heard["kappa4:operation"].push(trace)),
    listen("kappa4:request", (trace) => heard["kappa4:request"].push(trace)),
  );
});

afterEach(async () => {
  for (const stop of stops) stop();
  await lab.close();
  await made.remove();
});

it("tells of a run on every channel, always in the same shape, and counts it", async () => {
  const plan = await kappa4.rebalance.plan({ options: { balanciness: 2, maxMoves: 4 } });
  const answer = await kappa4.rebalance.apply({ plan: plan.id });
  if (answer.state !== "started") throw new Error("it was to start at once");
  const { id } = await kappa4.runs.wait({ run: answer.run.id });
  const again = kappa4.rebalance.apply({ plan: plan.id });
  await expect(again).rejects.toMatchObject({ code: "conflict" });
  await kappa4.close();

  const actions = heard["kappa4:action"];
  expect(actions.map(({ action, outcome }) => [action, outcome])).toEqual([
    ["rebalance.plan", "done"],
    ["rebalance.apply", "done"],
    ["runs.wait", "done"],
    ["rebalance.apply", "failed"],
  ]);
  expect(actions.at(-1)?.code).toBe("conflict");
  const runs = heard["kappa4:run"];
  expect(runs.map(({ phase, state }) => [phase, state])).toEqual([
    ["begun", undefined],
    ["ended", "succeeded"],
  ]);
  expect(runs[1]).toMatchObject({
    run: id,
    action: "rebalance.apply",
    connection: "lab",
    fence: 1,
  });
  const operations = heard["kappa4:operation"];
  const moves = plan.content.moves.length;
  expect(operations.filter(({ phase }) => phase === "accepted")).toHaveLength(moves);
  expect(operations.filter(({ state }) => state === "done")).toHaveLength(moves);
  expect(heard["kappa4:request"].length).toBeGreaterThan(moves);
  for (const traces of Object.values(heard)) {
    const shapes = new Set(traces.map((trace) => Object.keys(trace).sort().join(" ")));
    // Requests name what they are done to where there is such a thing.
    expect(shapes.size).toBeLessThanOrEqual(traces === heard["kappa4:request"] ? 2 : 1);
  }
  const labels = 'action="rebalance.apply",connection="lab",state="succeeded"';
  expect(kappa4.metrics()).toContain(`kappa4_runs_total{${labels}} 1\n`);
});
