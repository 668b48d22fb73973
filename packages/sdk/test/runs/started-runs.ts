import { setTimeout } from "node:timers/promises";
import type { Clock } from "@kappa4/connectors";
import { afterAll, beforeAll } from "vitest";
import type { RunView } from "../../src/actions/answers.ts";
import type { Id } from "../../src/ids.ts";
import { actionsByName } from "../../src/register.ts";
import { type BegunRun, beginRun } from "../../src/runs/begin-run.ts";
import { HeldLease } from "../../src/runs/held-lease.ts";
import type { Store } from "../../src/store/index.ts";
import { openPrograms, type Program, type Programs } from "../approving/pieces.ts";
import { type ClosedStore, closedStore } from "../store/support/fresh-store.ts";

interface Standing {
  readonly run: string | undefined;
  readonly approval: string | undefined;
  readonly error: unknown;
  readonly result: unknown;
}

const action = actionsByName.get("rebalance.apply");
/** The one store of a test file, the program that asks for runs, and what time it is. */
export let made: ClosedStore;
let all: Programs;
export let program: Program;
export let store: Store;
let clusters = 0;
export let now = Date.UTC(2026, 10, 21, 12);
/** The clock of the runs. */
export const clock: Clock = { now: () => now, sleep: (ms: number) => setTimeout(ms) };

beforeAll(async () => {
  made = await closedStore();
  all = await openPrograms(made.options, 1);
  const [first] = all.programs;
  if (first === undefined) throw new Error("there is to be a program");
  program = first;
  store = await program.core.store();
});
afterAll(async () => {
  await all[Symbol.asyncDispose]();
  await made.remove();
});

/** Lets time go by. */
export function pass(ms: number): void {
  all.pass(ms);
  now += ms;
}

/** A run that was let through at once, of a cluster of its own that no program works on. */
export async function started(): Promise<RunView> {
  clusters += 1;
  pass(61_000);
  const answer = await program.apply("ana", await program.plan("ana", `c${clusters}`, 0, 2));
  if (answer.state !== "started") throw new Error("two moves need nobody's word");
  // Whoever asked may take it back for a moment.
  pass(11_000);
  return answer.run;
}

/** Takes the lease of the cluster of a run. */
export async function lease({ id: run, cluster }: RunView): Promise<HeldLease> {
  const claim = { org: store.defaultOrg, cluster, run: run as Id<"run">, holder: "here" };
  const taken = await HeldLease.take(store, claim);
  if (taken instanceof HeldLease) return taken;
  throw new Error(`${cluster} is to be free`);
}

/** Begins a run, or goes on with it. */
export function begin(
  { id: run, cluster }: RunView,
  held: HeldLease,
): Promise<BegunRun | undefined> {
  if (action?.kind !== "run") throw new Error("it is to be carried out");
  const job = { org: store.defaultOrg, run: run as Id<"run">, cluster };
  return beginRun({ store, clock }, job, action, held, new AbortController().signal);
}

/** How a run and its approval stand. */
export async function standing({ id }: RunView): Promise<Standing> {
  return store.inOrg(store.defaultOrg, async (tx) => {
    const run = await tx.runs.find(id as Id<"run">);
    const approval = run?.approvalId && (await tx.approvals.find(run.approvalId));
    return {
      run: run?.state,
      approval: approval ? approval.approval.state : undefined,
      error: run?.error,
      result: run?.result,
    };
  });
}
