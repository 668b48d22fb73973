import { expect, it } from "vitest";
import type { Id } from "../../src/ids.ts";
import { actionsByName } from "../../src/register.ts";
import { lookAfterAbandoned } from "../../src/runs/abandoned.ts";
import type { Store } from "../../src/store/index.ts";
import { handStopwatch } from "./hand-stopwatch.ts";
import { begin, clock, lease, now, program, standing, started, store } from "./started-runs.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

it("a run under way that no program knows is told of after a while, and ended when it is to stop", async () => {
  const run = await started();
  const first = await lease(run);
  expect(await begin(run, first)).toBeDefined();
  await first.release();
  const stopwatch = handStopwatch();
  const told: unknown[] = [];
  let isKnown = false;
  const warn = (fields: object): void => void told.push(fields);
  const look = lookAfterAbandoned({
    ...{ store, clock, stopwatch, logger: { ...silent, warn }, holder: "there" },
    ...{ connections: [run.connection], actionOf: () => (isKnown ? {} : undefined) },
  });
  const ours = (): unknown[] => told.filter((fields) => Object(fields).run === run.shortId);
  // Known for a moment in between: what was seen before is forgotten.
  for (const known of [false, true, false]) {
    isKnown = known;
    await look([store.defaultOrg]);
    stopwatch.advance(9 * 60_000);
  }
  await look([store.defaultOrg]);
  expect(ours()).toEqual([]);
  stopwatch.advance(60_000);
  await look([store.defaultOrg]);
  expect(ours()).toMatchObject([{ action: "rebalance.apply" }]);
  await program.call("ana", "runs.cancel", { run: run.id, reason: "nobody knows it" });
  await look([store.defaultOrg]);
  const error = { message: expect.stringContaining("this Kappa4 does not know rebalance.apply") };
  expect(await standing(run)).toMatchObject({ run: "failed", error });
});

it("a run whose connection nobody has is told of after a while, and ended only when it is to stop", async () => {
  const run = await started();
  const id = run.id as Id<"run">;
  const first = await lease(run);
  expect(await begin(run, first)).toBeDefined();
  await store.inOrg(store.defaultOrg, async (tx) => {
    for (const step of [0, 1]) {
      await tx.runSteps.begin(id, step, first.fence, { intent: {}, at: new Date(now) });
    }
    await tx.runSteps.write(id, 0, first.fence, { state: "done", at: new Date(now) });
  });
  const stopwatch = handStopwatch();
  const told: string[] = [];
  const warn = ({ run: of }: { readonly run?: string }): void => {
    if (of === run.shortId) told.push(of);
  };
  const logger = { debug() {}, info() {}, error() {}, warn };
  const actionOf = (name: string) => {
    const found = actionsByName.get(name);
    return found?.kind === "run" ? found : undefined;
  };
  const parts = { store, clock, stopwatch, logger, holder: "there", actionOf };
  const withIt = lookAfterAbandoned({ ...parts, connections: [run.connection] });
  const without = lookAfterAbandoned({ ...parts, connections: ["another"] });
  async function minutesLater(minutes: number): Promise<void> {
    stopwatch.advance(minutes * 60_000);
    for (const look of [withIt, without]) await look([store.defaultOrg]);
  }

  await minutesLater(0);
  await minutesLater(11);
  expect(told, "somebody goes on with it").toEqual([]);
  await first.release();
  await minutesLater(1);
  await minutesLater(9);
  expect(told).toEqual([]);
  await minutesLater(1);
  await minutesLater(1);
  expect(told).toEqual([run.shortId]);
  expect((await standing(run)).run).toBe("running");

  await program.call("ana", "runs.cancel", { run: run.id, reason: "the cluster was sold" });
  await minutesLater(1);
  const end = await standing(run);
  expect(end).toMatchObject({ run: "partly_failed", error: { code: "unavailable" } });
  expect(end.error).toMatchObject({
    message: expect.stringMatching(/this Kappa4 has no connection .* look at/),
  });
  const result = {
    outcome: "failed",
    moves: [{ state: "done" }, { state: "unknown", error: end.error }],
  };
  expect(end).toMatchObject({ result });
  const steps = await store.inOrg(store.defaultOrg, (tx) => tx.runSteps.list(id));
  expect(steps.map(({ state }) => state)).toEqual(["done", "unknown"]);
  await (await lease(run)).release();
});

it("a run that is to stop and whose connection nobody has is ended at once where nobody else can have the store", async () => {
  const run = await started();
  const first = await lease(run);
  expect(await begin(run, first)).toBeDefined();
  await program.call("ana", "runs.cancel", { run: run.id, reason: "the store is to be moved" });
  const look = async (engine: Store["engine"]): Promise<unknown> => {
    const parts = { store: { ...store, engine }, clock, stopwatch: handStopwatch() };
    const others = { connections: ["another"], actionOf: () => ({}) };
    const after = lookAfterAbandoned({ ...parts, ...others, logger: silent, holder: "there" });
    await after([store.defaultOrg]);
    return (await standing(run)).run;
  };
  expect(await look("embedded"), "somebody goes on with it").toBe("running");
  await first.release();
  expect(await look("postgres")).toBe("running");
  expect(await look("embedded")).toBe("failed");
});
