import { type Connector, type GuestId, Kappa4Error } from "@kappa4/connectors";
import { describe, expect, it } from "vitest";
import { EngineThread } from "../../src/engine-thread.ts";
import { applyPlan } from "../../src/rebalance/apply.ts";
import { durableMoves } from "../../src/rebalance/durable-moves.ts";
import type { ApplyResult } from "../../src/rebalance/events.ts";
import type { Ledger } from "../../src/runs/ledger.ts";
import { MemoryCluster, virtualClock } from "./memory-cluster.ts";
import { MemoryLedger } from "./memory-ledger.ts";
import { sampleCluster, sampleGuest, sampleMove, samplePlan } from "./samples.ts";

const guests = [1, 2, 3].map((id) => sampleGuest(id, "a"));
const plan = samplePlan([
  sampleMove(1, "a", "b"),
  sampleMove(2, "a", "c"),
  sampleMove(3, "a", "d", 1),
]);

function cluster(): MemoryCluster {
  return new MemoryCluster(sampleCluster(["a", "b", "c", "d"], guests));
}

/** Resumes operations as the memory cluster began them. */
function connectorOf(lab: MemoryCluster): Connector {
  return {
    kind: "memory",
    connection: "lab",
    ping: async () => ({ version: "1" }),
    cluster: lab,
    resumeOperation: (token) => lab.resume(token),
    close: async () => {},
  };
}

function movedBy(lab: MemoryCluster): readonly GuestId[] {
  return lab.started.map(({ guest }) => guest).toSorted();
}

async function carryOut(lab: MemoryCluster, ledger: Ledger): Promise<ApplyResult> {
  const clock = virtualClock();
  const connector = connectorOf(lab);
  const record = await durableMoves({ connector, cluster: lab, clock, ledger, plan });
  const isCancelled = () => ledger.isCancelled();
  const context = { cluster: lab, clock, engine: new EngineThread(), rules: {}, isCancelled };
  return applyPlan({ ...context, record }, plan).result;
}

describe("durableMoves", () => {
  it("writes down every move before, when accepted, and at its end", async () => {
    const lab = cluster();
    const ledger = new MemoryLedger();
    const { outcome } = await carryOut(lab, ledger);
    expect(outcome).toBe("succeeded");
    const steps = await ledger.steps();
    expect(steps.map(({ state }) => state)).toEqual(["done", "done", "done"]);
    expect(steps.map(({ intent }) => intent)).toContainEqual({ guest: 1, from: "a", to: "b" });
    expect(steps.every(({ operation }) => operation !== undefined)).toBe(true);
  });

  it("makes no move twice that an earlier process made", async () => {
    const lab = cluster();
    lab.change(1, { node: "b" });
    const ledger = new MemoryLedger();
    ledger.leave(0, { state: "done" });
    const { outcome } = await carryOut(lab, ledger);
    expect(outcome).toBe("succeeded");
    expect(movedBy(lab)).toEqual([2, 3]);
  });

  it("follows what an earlier process handed over, by its operation", async () => {
    const lab = cluster();
    const operation = await lab.migrate(1, "b");
    const ledger = new MemoryLedger();
    ledger.leave(0, { state: "observed", operation: operation.token });
    const { outcome } = await carryOut(lab, ledger);
    expect(outcome).toBe("succeeded");
    expect(movedBy(lab)).toEqual([1, 2, 3]);
    expect(lab.placements().get(1)).toBe("b");
  });

  it("looks at the guest where the answer was never learnt, and finds it arrived", async () => {
    const lab = cluster();
    lab.change(1, { node: "b" });
    const ledger = new MemoryLedger();
    ledger.leave(0, { state: "intent" });
    const { outcome, moves } = await carryOut(lab, ledger);
    expect(outcome).toBe("succeeded");
    expect(moves[0]?.warnings[0]).toContain("contact was lost");
    expect(movedBy(lab)).toEqual([2, 3]);
    expect(ledger.written.get(0)?.state).toBe("done");
  });

  it("hands a move over that certainly was not, once the guest has lain still long enough", async () => {
    const lab = cluster();
    const ledger = new MemoryLedger();
    ledger.leave(0, { state: "intent" });
    const { outcome } = await carryOut(lab, ledger);
    expect(outcome).toBe("succeeded");
    expect(movedBy(lab)).toEqual([1, 2, 3]);
  });

  it("starts nothing more after a move that failed before", async () => {
    const lab = cluster();
    const ledger = new MemoryLedger();
    const error = {
      code: "operation_failed",
      message: "no space; make room",
      outcome: "not_applied",
    };
    ledger.leave(0, { state: "failed", result: error });
    const { outcome, moves } = await carryOut(lab, ledger);
    expect(outcome).toBe("failed");
    expect(moves[0]?.error).toEqual(error);
    expect(lab.started).toEqual([]);
  });

  it.each(["intent", "unknown"] as const)(
    "looks at the guest of a stopped run whose move was left as %s, and sends it no more",
    async (state) => {
      const lab = cluster();
      const ledger = new MemoryLedger();
      ledger.leave(0, { state });
      ledger.isStopped = true;
      const { outcome, moves } = await carryOut(lab, ledger);
      expect(lab.started).toEqual([]);
      expect(outcome).toBe("cancelled");
      expect(moves.map((move) => move.state)).toEqual(["skipped", "skipped", "skipped"]);
      expect(ledger.written.get(0)?.state).toBe("skipped");
    },
  );

  it("finds what a stopped run had moved, and says so", async () => {
    const lab = cluster();
    lab.change(1, { node: "b" });
    const ledger = new MemoryLedger();
    ledger.leave(0, { state: "intent" });
    ledger.isStopped = true;
    const { outcome, moves } = await carryOut(lab, ledger);
    expect(lab.started).toEqual([]);
    expect([outcome, moves[0]?.state]).toEqual(["cancelled", "done"]);
    expect(ledger.written.get(0)?.state).toBe("done");
  });

  it("leaves open on record what nobody can tell of a stopped run", async () => {
    const lab = cluster();
    lab.change(1, { lock: "migrate" });
    const ledger = new MemoryLedger();
    ledger.leave(0, { state: "intent" });
    ledger.isStopped = true;
    const { moves } = await carryOut(lab, ledger);
    expect(lab.started).toEqual([]);
    expect(moves[0]?.state).toBe("unknown");
    const result = { code: "unavailable", outcome: "unknown" };
    expect(ledger.written.get(0)).toMatchObject({ state: "unknown", result });
  });

  it("sends nothing once somebody has stopped the run in that very moment", async () => {
    const lab = cluster();
    const ledger = new MemoryLedger();
    ledger.intend = async () => {
      ledger.isStopped = true;
      throw new Kappa4Error("conflict", "The run was stopped.");
    };
    const { outcome, moves } = await carryOut(lab, ledger);
    expect(lab.started).toEqual([]);
    expect(outcome).toBe("cancelled");
    expect(moves.every(({ state, error }) => state === "skipped" && !error)).toBe(true);
  });

  it.each([
    ["is found on its target", "failAfterMove", "done"],
    ["is found where it was", "fail", "failed"],
  ] as const)(
    "writes down what became of a move out of sight whose guest %s",
    async (_, how, state) => {
      const lab = cluster();
      const ledger = new MemoryLedger();
      const lost = new Kappa4Error("network", "The line to lab broke.", { outcome: "unknown" });
      lab.behaviours.set(1, how === "fail" ? { fail: lost } : { failAfterMove: lost });
      const { moves } = await carryOut(lab, ledger);
      expect([moves[0]?.state, ledger.written.get(0)?.state]).toEqual([state, state]);
    },
  );

  it("sends nothing once another process has the run", async () => {
    const lab = cluster();
    const ledger = new MemoryLedger();
    ledger.isLost = true;
    await carryOut(lab, ledger);
    expect(lab.started).toEqual([]);
  });
});
