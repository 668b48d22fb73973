import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ApprovalView, RunView } from "../../src/actions/answers.ts";
import type { Action, RunAction } from "../../src/actions/define.ts";
import type { Id } from "../../src/ids.ts";
import type { EventView } from "../../src/index.ts";
import { actionsByName } from "../../src/register.ts";
import { beginRun } from "../../src/runs/begin-run.ts";
import { HeldLease } from "../../src/runs/held-lease.ts";
import { handStopwatch } from "../runs/hand-stopwatch.ts";
import { type ClosedStore, closedStore } from "../store/support/fresh-store.ts";
import { openPrograms, type Program, type Programs } from "./pieces.ts";

const DAY_MS = 86_400_000;
const OURSELVES = { actor: { kind: "system" }, via: "sdk" } as const;
let made: ClosedStore;
let all: Programs;
let program: Program;

beforeAll(async () => {
  made = await closedStore();
  // None of the connections is configured anywhere.
  all = await openPrograms(made.options, 1, []);
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
