import {
  type ChangeResult,
  type ComputeCapability,
  type Connector,
  type Guest,
  Kappa4Error,
  type Operation,
} from "@kappa4/connectors";
import { describe, expect, it } from "vitest";
import type { RunContext } from "../../src/actions/context.ts";
import { makePowerChange, type PowerChange } from "../../src/instances/power.ts";
import { MemoryCluster, virtualClock } from "../rebalance/memory-cluster.ts";
import { MemoryLedger } from "../rebalance/memory-ledger.ts";
import { sampleCluster, sampleGuest } from "../rebalance/samples.ts";

const silence = new Kappa4Error("timeout", "gold did not answer in time; look at vm-1.", {
  outcome: "unknown",
});
const pull: PowerChange = { verb: "stop", guest: 1, name: "vm-1", mode: "force" };

/** A system that takes a request and does not answer it; what it does with it is for the test to say. */
class Silent {
  readonly cluster = new MemoryCluster(sampleCluster(["a"], [sampleGuest(1, "a")]));
  readonly ledger = new MemoryLedger();
  readonly clock = virtualClock();
  asked = 0;
  readonly #onCall: (system: Silent) => Promise<Operation<ChangeResult>>;

  constructor(onCall: (system: Silent) => Promise<Operation<ChangeResult>>) {
    this.#onCall = onCall;
  }

  become(change: Partial<Guest>): void {
    this.cluster.change(1, change);
  }

  run(change: PowerChange) {
    const call = (): Promise<Operation<ChangeResult>> => {
      this.asked += 1;
      return this.#onCall(this);
    };
    const compute: Partial<ComputeCapability> = { start: call, stop: call, restart: call };
    const connector = { kind: "silent", connection: "gold", compute } as Connector;
    const never = new AbortController().signal;
    const { cluster, clock, ledger } = this;
    const context = {
      systems: { get: async () => connector, cluster: async () => cluster },
      ...{ connection: "gold", clock, ledger, signal: never, cancelled: never },
    } as unknown as RunContext;
    return makePowerChange(context, change);
  }
}

/** An operation of which nobody sees the end at first. */
function outOfSight(looks: number, end: () => ChangeResult): Operation<ChangeResult> {
  let left = looks;
  return {
    id: "op",
    token: "op",
    status: async () => ({ state: "running", progress: null, warnings: [] }),
    cancel: async () => "not_supported",
    async done() {
      left -= 1;
      if (left >= 0) throw silence;
      return end();
    },
  };
}

describe("a change of power that is not answered", () => {
  it("has succeeded where the instance is found as it was to be", async () => {
    const system = new Silent(async ({ become }) => {
      become.call(system, { status: "stopped" });
      throw silence;
    });
    expect(await system.run(pull)).toEqual({ state: "succeeded", result: { changed: true } });
    expect(system.ledger.written.get(0)).toMatchObject({ state: "done" });
    expect(system.asked).toBe(1);
  });

  it("was not made where the instance stays as it was, and is not sent again", async () => {
    const system = new Silent(() => Promise.reject(silence));
    expect(await system.run(pull)).toMatchObject({
      state: "failed",
      error: {
        code: "timeout",
        message: "vm-1 is still running: the stop did not happen; ask again.",
      },
    });
    expect(system.ledger.written.get(0)).toMatchObject({
      state: "failed",
      result: { outcome: "not_applied" },
    });
    expect(system.asked).toBe(1);
  });

  it("is given longer where the instance was asked to stop by itself", async () => {
    const system = new Silent(() => Promise.reject(silence));
    const begun = system.clock.now();
    const { cluster, clock } = system;
    const state = cluster.state.bind(cluster);
    cluster.state = () => {
      if (clock.now() - begun > 150_000) system.become({ status: "stopped" });
      return state();
    };
    expect(await system.run({ ...pull, mode: "graceful" })).toMatchObject({ state: "succeeded" });
  });

  it("stays open where nobody can tell, as with a restart, and says what to do", async () => {
    const system = new Silent(() => Promise.reject(silence));
    expect(await system.run({ ...pull, verb: "restart", mode: null })).toMatchObject({
      state: "failed",
      error: { code: "timeout", message: expect.stringContaining("look at vm-1") },
    });
    expect(system.ledger.written.get(0)).toMatchObject({
      state: "unknown",
      result: { outcome: "unknown" },
    });
  });

  it("says nothing of another instance that has its id by now, and sends that one nothing", async () => {
    const system = new Silent(async () => {
      throw silence;
    });
    await system.ledger.intend(0, { verb: "stop", guest: 1, mode: "force" });
    system.become({ name: "vm-2" });
    expect(await system.run(pull)).toMatchObject({
      state: "failed",
      error: { code: "unavailable", message: expect.stringContaining("nobody can tell") },
    });
    expect(system.asked).toBe(0);
  });

  it("was not made where an earlier process left it, and is made then", async () => {
    const system = new Silent(async () => outOfSight(0, () => ({ changed: true })));
    await system.ledger.intend(0, {});
    expect(await system.run(pull)).toMatchObject({ state: "succeeded" });
    expect(system.asked).toBe(1);
  });

  it.each([true, false])(
    "is sent no more once somebody stopped it, left open: %s",
    async (isLeft) => {
      const system = new Silent(() => Promise.reject(silence));
      if (isLeft) await system.ledger.intend(0, {});
      system.ledger.isStopped = true;
      expect(await system.run(pull)).toMatchObject({
        state: "cancelled",
        error: { message: "vm-1 was left as it is: the run was cancelled before the stop." },
      });
      expect(system.asked).toBe(0);
      expect(system.ledger.written.get(0)?.state).toBe(isLeft ? "skipped" : undefined);
    },
  );

  it("is looked for once somebody stopped it, and says what was found", async () => {
    const system = new Silent(() => Promise.reject(silence));
    await system.ledger.intend(0, {});
    system.ledger.isStopped = true;
    system.become({ status: "stopped" });
    expect(await system.run(pull)).toMatchObject({ state: "succeeded" });
    expect(system.asked).toBe(0);
  });

  it("says of itself what stands in the way of its beginning", async () => {
    const system = new Silent(() => Promise.reject(silence));
    const closed = new Kappa4Error("failed_precondition", "This organisation is suspended.");
    system.ledger.intend = () => Promise.reject(closed);
    await expect(system.run(pull)).rejects.toBe(closed);
    expect([system.asked, system.ledger.written.size]).toEqual([0, 0]);
  });

  it("stays open where the cluster cannot be read either", async () => {
    const system = new Silent(async ({ cluster }) => {
      cluster.unreadable = silence;
      throw silence;
    });
    expect((await system.run(pull)).state).toBe("failed");
    expect(system.ledger.written.get(0)).toMatchObject({ state: "unknown" });
  });
});

describe("an operation that nobody sees the end of", () => {
  const restart: PowerChange = { ...pull, verb: "restart", mode: null };

  it("is followed again, and its own end counts", async () => {
    const system = new Silent(async () => outOfSight(3, () => ({ changed: true })));
    expect(await system.run(restart)).toEqual({ state: "succeeded", result: { changed: true } });
    expect(system.asked).toBe(1);
  });

  it("has failed where it says so in the end", async () => {
    const refused = new Kappa4Error("operation_failed", "vm-1 did not start; look at its log.");
    const system = new Silent(async () =>
      outOfSight(2, () => {
        throw refused;
      }),
    );
    expect(await system.run(restart)).toMatchObject({
      state: "failed",
      error: { code: "operation_failed" },
    });
    expect(system.ledger.written.get(0)).toMatchObject({ state: "failed" });
  });
});
