import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ApprovalView, RunView } from "../../src/actions/answers.ts";
import type { Action, RunAction } from "../../src/actions/define.ts";
import type { Id } from "../../src/ids.ts";
import type { EventView } from "../../src/index.ts";
import { actionsByName } from "../../src/register.ts";
import { beginRun } from "../../src/runs/begin-run.ts";
import { HeldLease } from "../../src/runs/held-lease.ts";
import { stopwatch as machine, type Stopwatch } from "../../src/runs/stopwatch.ts";
import type { Store } from "../../src/store/index.ts";
import { handStopwatch } from "../runs/hand-stopwatch.ts";
import { type ClosedStore, closedStore } from "../store/support/fresh-store.ts";
import { NOW, plan, run } from "../store/support/rows.ts";
import { openPrograms, type Program, type Programs } from "./pieces.ts";

const DAY_MS = 86_400_000;
const OURSELVES = { actor: { kind: "system" }, via: "sdk" } as const;
/** What is done every minute or less often; here whenever time is let pass. */
const SELDOM_MS = 60_000;
const seldom = new Set<() => void>();
let passedMs = 0;
const stopwatch: Stopwatch = {
  now: () => machine.now() + passedMs,
  every(ms, tick) {
    if (ms < SELDOM_MS) return machine.every(ms, tick);
    seldom.add(tick);
    return () => void seldom.delete(tick);
  },
};
let made: ClosedStore;
let all: Programs;
let program: Program;

beforeAll(async () => {
  made = await closedStore();
  // None of the connections is configured anywhere.
  all = await openPrograms(made.options, 1, [], stopwatch);
  [program] = all.programs as [Program];
});
afterAll(async () => {
  await all[Symbol.asyncDispose]();
  await made.remove();
});

async function look(): Promise<readonly ApprovalView[]> {
  const attend = actionsByName.get("approvals.attend") as Action;
  return (await program.core.pipeline.call(OURSELVES, attend, {})) as readonly ApprovalView[];
}

/** Starts a piece that nobody has to be asked for. */
async function begin(cluster: string, first: number): Promise<RunView> {
  const answer = await program.apply("ana", await program.plan("ana", cluster, first, first + 2));
  if (answer.state !== "started") throw new Error("it was to start");
  return answer.run;
}

async function runOf({ id }: RunView): Promise<RunView> {
  return (await program.call("vic", "runs.get", { run: id })) as RunView;
}

async function told(subject: string): Promise<readonly string[]> {
  const events = (await program.call("vic", "events.list", { subject })) as readonly EventView[];
  return events.map(({ type }) => type);
}

describe("an approved run that nobody comes to", () => {
  it("ends with its approval when its time to start is over, told once", async () => {
    const run = await begin("c1", 0);
    await look();
    expect((await runOf(run)).state).toBe("queued");
    all.pass(DAY_MS);
    await Promise.all([look(), look(), look()]);
    const ended = await runOf(run);
    expect(ended).toMatchObject({ state: "skipped", error: { code: "approval_expired" } });
    expect(ended.error?.message).toContain("a Kappa4 runs that has the connection c1");
    expect(await told(run.id)).toEqual(["run.ended"]);
    const [approval] = (await program.call("vic", "approvals.list", {
      isOpen: false,
    })) as readonly ApprovalView[];
    expect(approval?.state).toBe("expired");
    expect(await told(approval?.id ?? "")).toEqual(["approval.decided"]);
    expect(await look()).toEqual([]);
  });

  it("is told of the run that was ahead of it in its cluster", async () => {
    await leftAlone(await program.core.store(), "c3");
    const run = await begin("c3", 0);
    all.pass(DAY_MS);
    await look();
    expect((await runOf(run)).error?.message).toContain(
      "run R-c3 has begun on c3 and is not over: wait for it, cancel it, or look whether",
    );
  });

  it("is found ended by a worker that comes later", async () => {
    const run = await begin("c2", 0);
    all.pass(DAY_MS);
    await look();
    const store = await program.core.store();
    const job = { org: store.defaultOrg, run: run.id as Id<"run"> };
    const lease = await HeldLease.take(
      store,
      { ...job, cluster: "c2", holder: "late" },
      handStopwatch(),
    );
    if (!(lease instanceof HeldLease)) throw new Error("nobody else has it");
    const clock = { now: () => Date.UTC(2026, 10, 21, 12), sleep: async () => undefined };
    const action = actionsByName.get("rebalance.apply") as RunAction<unknown, unknown>;
    const { signal } = new AbortController();
    expect(await beginRun({ store, clock }, job, action, lease, signal)).toBeUndefined();
    expect(await runOf(run)).toMatchObject({ state: "skipped", startedAt: undefined });
    expect(await told(run.id)).toEqual(["run.ended"]);
  });
});

/** A run that has begun, that nobody goes on with, and that somebody asked to stop. */
async function leftAlone(store: Store, connection: string): Promise<() => Promise<unknown>> {
  const order = plan(`P-${connection}`, { connection, cluster: connection });
  const stopped = { cancelAskedAt: NOW, cancelAskedBy: "local" };
  const left = run(`R-${connection}`, order, {
    ...{ connection, cluster: connection, state: "running", startedAt: NOW, ...stopped },
  });
  await store.inOrg(store.defaultOrg, async (tx) => {
    await tx.plans.insert(order);
    await tx.runs.insert(left);
  });
  return async () => {
    passedMs += 11 * 60_000;
    for (const tick of seldom) tick();
    return (await store.inOrg(store.defaultOrg, (tx) => tx.runs.find(left.id)))?.state;
  };
}

describe("a run under way that is to stop", () => {
  it("is ended by a program at work that lacks its connection, and by none that has it", async () => {
    await program.core.queue();
    const store = await program.core.store();
    const ours = await leftAlone(store, "kappa4");
    for (const connection of ["sold", "lost"]) {
      const theirs = await leftAlone(store, connection);
      await expect.poll(theirs).toBe("failed");
    }
    expect(await ours()).toBe("running");
  });
});
