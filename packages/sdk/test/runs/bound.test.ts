import { type ComputeCapability, type Connector, Kappa4Error } from "@kappa4/connectors";
import { describe, expect, it } from "vitest";
import type { RunContext } from "../../src/actions/context.ts";
import { stop } from "../../src/instances/stop.ts";
import { leftMoves } from "../../src/rebalance/left-moves.ts";
import { executeBound } from "../../src/runs/bound.ts";
import { MemoryCluster, virtualClock } from "../rebalance/memory-cluster.ts";
import { MemoryLedger } from "../rebalance/memory-ledger.ts";
import { sampleCluster, sampleGuest, sampleMove, samplePlan } from "../rebalance/samples.ts";

/** What a run finds whose connection leads to a cluster of this name, and how often that was asked to stop a guest. */
function leadingTo(name: string) {
  const sample = sampleCluster(["a", "b"], [sampleGuest(1, "a")]);
  const cluster = new MemoryCluster({ ...sample, meta: { ...sample.meta, name } });
  const ledger = new MemoryLedger();
  const asked: unknown[] = [];
  const done = { changed: true };
  const compute = {
    stop: async (guest) => {
      asked.push(guest);
      return { id: "op", token: "op", done: async () => done } as never;
    },
  } as Partial<ComputeCapability> as ComputeCapability;
  const connector = { kind: "memory", connection: "gold", compute } as Connector;
  const never = new AbortController().signal;
  const context = {
    systems: {
      names: ["gold"],
      nameOf: () => "gold",
      get: async () => connector,
      cluster: async () => cluster,
    },
    ...{ connection: "gold", clock: virtualClock(), ledger, signal: never, cancelled: never },
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  } as unknown as RunContext;
  return { cluster, ledger, asked, context };
}

const pull = {
  ...{ connection: "gold", cluster: "alpha" },
  content: { verb: "stop", guest: 1, name: "vm-1", mode: "force" },
  input: { connection: "gold", guest: 1, mode: "force", reason: "it hangs" },
} as const;

describe("a run whose connection leads to another cluster", () => {
  it("is carried out in its own", async () => {
    const { context, asked } = leadingTo("alpha");
    expect(await executeBound(stop, context, pull)).toMatchObject({ state: "succeeded" });
    expect(asked).toEqual([1]);
  });

  it("begins nothing there", async () => {
    const { context, asked, ledger } = leadingTo("beta");
    const end = await executeBound(stop, context, pull);
    const message =
      "this plan is for cluster alpha, and gold leads to beta now: nothing more is done. Plan again.";
    expect(end).toEqual({ state: "stale", result: null, error: { code: "plan_stale", message } });
    expect([asked, ledger.written.size]).toEqual([[], 0]);
  });

  it("begins nothing where it does so only at the look before a step", async () => {
    const { context, asked, cluster } = leadingTo("beta");
    const state = cluster.state.bind(cluster);
    let looks = 0;
    cluster.state = async () => {
      looks += 1;
      return { ...(await state()), name: looks === 1 ? "alpha" : "beta" };
    };
    await expect(executeBound(stop, context, pull)).rejects.toMatchObject({ code: "plan_stale" });
    expect([asked, looks]).toEqual([[], 3]);
  });

  it("makes nothing of one odd answer: it is followed in its own", async () => {
    const { context, ledger, cluster } = leadingTo("alpha");
    const state = cluster.state.bind(cluster);
    const names = ["a", "alpha"];
    cluster.state = async () => ({ ...(await state()), name: names.shift() ?? "alpha" });
    ledger.leave(0, { state: "observed", operation: "UPID" });
    const executed: unknown[] = [];
    const execute = async (_context: unknown, content: unknown) => {
      executed.push(content);
      return { state: "succeeded", result: null } as const;
    };
    expect(await executeBound({ execute }, context, pull)).toMatchObject({ state: "succeeded" });
    expect([executed, names]).toEqual([[pull.content], []]);
    expect(ledger.written.get(0)).toMatchObject({ state: "observed" });
  });

  it("does not follow there what was under way, and says where everything stands", async () => {
    const { context, ledger } = leadingTo("beta");
    const plan = samplePlan([1, 2, 3].map((guest) => sampleMove(guest, "a", "b")));
    ledger.leave(0, { state: "done", endedAt: new Date(0) });
    ledger.leave(1, { state: "observed", operation: "UPID" });
    const action = { execute: () => Promise.reject(new Error("not here")), left: leftMoves };
    const end = await executeBound(action, context, { ...pull, content: plan });
    expect(end).toMatchObject({
      state: "stale",
      error: { message: expect.stringContaining("look at alpha itself") },
      result: {
        outcome: "stale",
        moves: [
          { state: "done" },
          { state: "unknown", error: { outcome: "unknown" } },
          { state: "skipped", error: { outcome: "not_applied" } },
        ],
      },
    });
    expect(ledger.written.get(1)).toMatchObject({ state: "unknown" });
  });

  it("goes on where the system does not answer: nothing is begun that is not looked at first", async () => {
    const { context, asked, cluster } = leadingTo("alpha");
    const state = cluster.state.bind(cluster);
    let looks = 0;
    cluster.state = async () => {
      looks += 1;
      if (looks === 1) throw new Error("away");
      return state();
    };
    expect(await executeBound(stop, context, pull)).toMatchObject({ state: "succeeded" });
    expect([asked, looks]).toEqual([[1], 2]);
  });
});

describe("a run with something under way whose system does not say which one it is", () => {
  /** A system that is away for some looks, and where what was under way is followed nowhere but in its own. */
  function awayFor(looksAway: number, name: string) {
    const house = leadingTo(name);
    const { cluster, ledger } = house;
    const state = cluster.state.bind(cluster);
    let looks = 0;
    cluster.state = async () => {
      looks += 1;
      if (looks <= looksAway) throw new Kappa4Error("unavailable", "away");
      return state();
    };
    ledger.leave(0, { state: "observed", operation: "UPID" });
    const followed: string[] = [];
    const action = {
      execute: async () => {
        followed.push(name);
        return { state: "succeeded", result: null } as const;
      },
    };
    return { ...house, followed, looks: () => looks, action };
  }

  it("waits until it does, and goes on only then", async () => {
    const { context, action, followed, looks } = awayFor(3, "alpha");
    expect(await executeBound(action, context, pull)).toMatchObject({ state: "succeeded" });
    expect([followed, looks()]).toEqual([["alpha"], 4]);
  });

  it("follows nothing where it turns out to be another one", async () => {
    const { context, action, followed, ledger } = awayFor(3, "beta");
    expect(await executeBound(action, context, pull)).toMatchObject({ state: "stale" });
    expect(followed).toEqual([]);
    expect(ledger.written.get(0)).toMatchObject({ state: "unknown" });
  });

  it("gives up after minutes, and says that nobody can tell what became of it", async () => {
    const { context, action, followed, ledger } = awayFor(Number.POSITIVE_INFINITY, "alpha");
    expect(await executeBound(action, context, pull)).toMatchObject({
      state: "failed",
      error: { code: "unavailable", message: expect.stringContaining("look at alpha itself") },
    });
    expect(followed).toEqual([]);
    expect(ledger.written.get(0)).toMatchObject({ state: "unknown" });
  });
});
