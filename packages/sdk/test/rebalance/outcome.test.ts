import { Kappa4Error } from "@kappa4/connectors";
import { describe, expect, it } from "vitest";
import type { RunView } from "../../src/actions/answers.ts";
import type { FailedEnd } from "../../src/actions/define.ts";
import { EngineThread } from "../../src/engine-thread.ts";
import { newId } from "../../src/ids.ts";
import { applyPlan } from "../../src/rebalance/apply.ts";
import { durableMoves } from "../../src/rebalance/durable-moves.ts";
import type { ApplyResult, MoveState, MoveStatus } from "../../src/rebalance/events.ts";
import { followApply } from "../../src/rebalance/follow-apply.ts";
import { leftMoves } from "../../src/rebalance/left-moves.ts";
import { MemoryCluster, virtualClock } from "./memory-cluster.ts";
import { MemoryLedger } from "./memory-ledger.ts";
import { sampleCluster, sampleGuest, sampleMove, samplePlan } from "./samples.ts";

const guests = [1, 2, 3].map((id) => sampleGuest(id, "a"));
const plan = samplePlan([1, 2, 3].map((guest) => sampleMove(guest, "a", "b", guest)));
const away = { code: "unavailable", message: "The cluster is away." } as const;
const drift = { code: "plan_stale", message: "vm-3 is on c now; plan again." } as const;

/** A ledger as somebody left it who had come so far. */
function leftWith(...states: readonly ("done" | "failed" | "unknown")[]): MemoryLedger {
  const ledger = new MemoryLedger();
  const result = { ...away, outcome: "unknown" };
  for (const [step, state] of states.entries()) ledger.leave(step, { state, result });
  return ledger;
}

describe("how a run of moves ended", () => {
  /** Goes on with a plan of which some is done, and finds a cluster that is not as planned, or is away. */
  async function goneOnWith(ledger: MemoryLedger, change: (lab: MemoryCluster) => void) {
    const lab = new MemoryCluster(sampleCluster(["a", "b", "c"], guests));
    for (const { step, state } of await ledger.steps()) {
      if (state === "done") lab.change(step + 1, { node: "b" });
    }
    change(lab);
    const clock = virtualClock();
    const parts = { cluster: lab, clock, engine: new EngineThread(), rules: {} };
    const connector = { kind: "memory", connection: "lab", cluster: lab } as never;
    const record = await durableMoves({ connector, cluster: lab, clock, ledger, plan });
    const result = await applyPlan({ ...parts, record }, plan).result;
    return [result.outcome, result.error?.code, result.moves.map(({ state }) => state)];
  }
  const isAway = (lab: MemoryCluster): void => {
    lab.unreadable = new Kappa4Error("unavailable", away.message);
  };
  const isMoved = (lab: MemoryCluster): void => lab.change(3, { node: "c" });

  it("is that it was refused only where nothing was started", async () => {
    const none = ["skipped", "skipped", "skipped"];
    expect(await goneOnWith(leftWith(), isAway)).toEqual(["refused", "unavailable", none]);
    const some = ["done", "skipped", "skipped"];
    expect(await goneOnWith(leftWith("done"), isAway)).toEqual(["failed", "unavailable", some]);
  });

  it("is that the plan was stale only where nothing failed", async () => {
    const some = ["done", "skipped", "skipped"];
    expect(await goneOnWith(leftWith("done"), isMoved)).toEqual(["stale", "plan_stale", some]);
    const failed = ["done", "failed", "skipped"];
    expect(await goneOnWith(leftWith("done", "failed"), isMoved)).toEqual([
      ...["failed", "plan_stale", failed],
    ]);
  });
});

describe("a run of moves whose cluster is out of reach", () => {
  /** Ends a run that had come so far; returns its state, and what its result says. */
  async function left(ledger: MemoryLedger, end: FailedEnd) {
    const { state, result } = await leftMoves({ ledger, clock: virtualClock() }, plan, end);
    const { outcome, error } = result as ApplyResult;
    return [state, outcome, error?.outcome];
  }

  it("ends as its moves stand, and its result says the same as the run", async () => {
    const failed = { state: "failed", error: away } as const;
    expect(await left(leftWith(), failed)).toEqual(["failed", "refused", "not_applied"]);
    expect(await left(leftWith("unknown"), failed)).toEqual(["failed", "failed", "unknown"]);
    expect(await left(leftWith("done", "unknown"), failed)).toEqual([
      ...["partly_failed", "failed", "unknown"],
    ]);
    expect(await left(leftWith("done"), failed)).toEqual([
      ...["partly_failed", "failed", "not_applied"],
    ]);
  });

  it("is stale where it is said to be", async () => {
    const stale = { state: "stale", error: drift } as const;
    expect(await left(leftWith("done"), stale)).toEqual(["stale", "stale", "not_applied"]);
  });
});

describe("what is said to who follows a run that is over", () => {
  /** What is said of a run that ended like this. */
  async function said(view: Partial<RunView>): Promise<ApplyResult> {
    const at = new Date(0);
    const run = { id: newId("run"), result: null, progress: null, createdAt: at, endedAt: at };
    async function* views() {
      yield { ...run, ...view } as RunView;
    }
    const runs = { watch: async () => views(), cancel: () => Promise.reject(new Error("over")) };
    return followApply({ runs }, { content: plan }, run).result;
  }
  const movesIn = (...states: readonly MoveState[]): readonly MoveStatus[] =>
    plan.moves.map((move, index) => ({
      ...{ move, state: states[index] ?? "skipped", progress: null, warnings: [] },
      ...(states[index] === "skipped" ? {} : { startedAt: new Date(0) }),
    }));

  it("follows from what it told last, where it left no result", async () => {
    const progress = { moves: movesIn("done", "running", "waiting"), isMeasuring: false };
    const result = await said({ state: "failed", error: away, progress });
    expect(result).toMatchObject({ outcome: "failed", error: away });
    expect(result.moves).toMatchObject([
      { state: "done" },
      { state: "unknown", error: { ...away, outcome: "unknown" } },
      { state: "skipped", error: { ...away, outcome: "not_applied" } },
    ]);
  });

  it("is that nothing was started, where it told of nothing", async () => {
    const result = await said({ state: "failed", error: away });
    expect(result).toMatchObject({ outcome: "refused", error: away });
    expect(result.moves.map(({ state }) => state)).toEqual(["skipped", "skipped", "skipped"]);
  });

  it("is what the run ended as, also where its moves were only followed", async () => {
    const stopped = { outcome: "cancelled", moves: movesIn("done", "skipped", "skipped") };
    const result = await said({ state: "stale", error: drift, result: stopped });
    expect(result).toMatchObject({ outcome: "stale", error: drift });
  });
});
