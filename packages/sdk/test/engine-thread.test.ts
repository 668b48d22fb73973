import { afterEach, describe, expect, it } from "vitest";
import { planRebalance } from "../src/balancing/index.ts";
import { EngineThread } from "../src/engine-thread.ts";
import { sampleCluster, sampleGuest } from "./rebalance/samples.ts";

const few = crowded(40);
const many = crowded(110);
const threads: EngineThread[] = [];

afterEach(async () => {
  for (const thread of threads.splice(0)) await thread.close();
});

/** All guests of 512 MiB are on one node of four. */
function crowded(count: number) {
  const memory = { total: 2 ** 30, used: 2 ** 29 };
  const guests = Array.from({ length: count }, (_, g) => sampleGuest(100 + g, "a", { memory }));
  const cluster = sampleCluster(["a", "b", "c", "d"], guests);
  const used = count * memory.used;
  const nodes = cluster.nodes.map((node) => {
    return node.name === "a" ? { ...node, memory: { ...node.memory, used } } : node;
  });
  return { ...cluster, nodes };
}

function openThread(): EngineThread {
  const thread = new EngineThread();
  threads.push(thread);
  return thread;
}

describe("the engine in a thread of its own", () => {
  it.each([
    ["few", few],
    ["many", many],
  ])("gives the plan that the engine gives, of %s guests", async (_size, snapshot) => {
    const plan = await openThread().run("planRebalance", [snapshot, { balanciness: 5 }]);
    expect(plan).toEqual(planRebalance(snapshot, { balanciness: 5 }));
    expect(plan.moves.length).toBeGreaterThan(0);
  });

  it("lets other work go on meanwhile", async () => {
    const planned = openThread().run("planRebalance", [many]);
    const order: string[] = [];
    const others = new Promise<void>((resolve) => setImmediate(resolve));
    await Promise.all([
      planned.then(() => order.push("planned")),
      others.then(() => order.push("other work")),
    ]);
    expect(order).toEqual(["other work", "planned"]);
  });

  it("answers every caller with the caller's own answer", async () => {
    const thread = openThread();
    const wanted = [2, 5, 8, 11];
    const plans = await Promise.all(
      wanted.map((balanciness) => thread.run("planRebalance", [many, { balanciness }])),
    );
    expect(plans.map(({ balanciness }) => balanciness)).toEqual(wanted);
  });

  it("stops for a signal, and works again afterwards", async () => {
    const thread = openThread();
    const controller = new AbortController();
    const planned = thread.run("planRebalance", [many], controller.signal);
    controller.abort(new Error("enough"));
    await expect(planned).rejects.toThrow("enough");
    await expect(thread.run("planRebalance", [many], controller.signal)).rejects.toThrow("enough");
    expect((await thread.run("planRebalance", [many])).cluster).toBe("lab");
  });

  it("goes on with what others wait for when one gives up", async () => {
    const thread = openThread();
    const controller = new AbortController();
    const given = thread.run("planRebalance", [many], controller.signal);
    const kept = thread.run("planRebalance", [many, { balanciness: 7 }]);
    controller.abort(new Error("enough"));
    await expect(given).rejects.toThrow("enough");
    expect((await kept).balanciness).toBe(7);
  });

  it("rejects what cannot be sent to a thread, and works again afterwards", async () => {
    const thread = openThread();
    const odd = { ...many, meta: { ...many.meta, name: (() => "lab") as never } };
    await expect(thread.run("planRebalance", [odd])).rejects.toThrow("could not be cloned");
    expect((await thread.run("planRebalance", [many])).cluster).toBe("lab");
  });

  it("passes on what the engine throws, and rejects who waits when it is closed", async () => {
    const thread = openThread();
    const damaged = { ...many, nodes: undefined as never };
    await expect(thread.run("planRebalance", [damaged])).rejects.toThrow(TypeError);
    const planned = thread.run("planRebalance", [many]);
    const refused = expect(planned).rejects.toThrow("closed");
    await thread.close();
    await refused;
  });
});
