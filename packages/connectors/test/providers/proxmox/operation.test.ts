import { afterEach, describe, expect, it } from "vitest";
import { connectTo, startCluster } from "./target.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function startMove() {
  const simulator = await startCluster();
  open.push(simulator);
  const connector = connectTo(simulator);
  open.push(connector);
  return { simulator, operation: await connector.cluster.migrate(100, "pve3") };
}

/** Counts the looks at the task that arrived. */
const looks = (simulator: Awaited<ReturnType<typeof startCluster>>): number =>
  simulator.requests.filter(({ path }) => /\/tasks\/[^/]+\/status$/.test(path)).length;

describe("two who wait for one operation", () => {
  it("do not stop each other", async () => {
    const { simulator, operation } = await startMove();
    simulator.faults.add({ kind: "slow", delayMs: 100, on: { method: "GET", path: /tasks/ } });
    const stop = new AbortController();
    const reason = new Error("enough");
    const first = operation.status({ signal: stop.signal });
    const second = operation.done();
    setTimeout(() => stop.abort(reason), 20);
    await expect(first).rejects.toBe(reason);
    await expect(second).resolves.toMatchObject({ node: "pve3" });
  });

  it("share their looks", async () => {
    const { simulator, operation } = await startMove();
    const statuses = await Promise.all(Array.from({ length: 5 }, () => operation.status()));
    expect(new Set(statuses.map(({ state }) => state))).toEqual(new Set(["running"]));
    // The first has one of its own; the others came later and share the next, which is fresh to all of them.
    expect(looks(simulator)).toBe(2);
  });

  it("start nothing when they have stopped already", async () => {
    const { simulator, operation } = await startMove();
    const reason = new Error("enough");
    await expect(operation.status({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(looks(simulator)).toBe(0);
  });
});
