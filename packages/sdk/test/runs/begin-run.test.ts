import { Kappa4Error } from "@kappa4/connectors";
import { expect, it } from "vitest";
import type { RunView } from "../../src/actions/answers.ts";
import { setFreeze } from "../../src/approving/freeze.ts";
import type { Id } from "../../src/ids.ts";
import { actionsByName } from "../../src/register.ts";
import { endRun } from "../../src/runs/end-run.ts";
import { executeRun } from "../../src/runs/execute.ts";
import { openStore } from "../../src/store/index.ts";
import { IS_ON_SERVER } from "../store/support/fresh-store.ts";
import { plan as aPlan, run as aRun } from "../store/support/rows.ts";
import {
  begin,
  clock,
  lease,
  made,
  now,
  pass,
  program,
  standing,
  started,
  store,
} from "./started-runs.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

async function attend(): Promise<void> {
  const chore = actionsByName.get("approvals.attend");
  if (chore === undefined) throw new Error("there is no approvals.attend");
  await program.core.pipeline.call({ actor: { kind: "system" }, via: "sdk" }, chore, {});
}

function freeze(isFrozen: boolean): Promise<void> {
  const said = { isFrozen, reason: "an incident", by: "local", at: new Date(now) };
  return store.inOrg(store.defaultOrg, (tx) => setFreeze(tx, said));
}

it("a process whose lease another one has by now begins nothing", async () => {
  const run = await started();
  const mine = await lease(run);
  // It stood still; by its own clock it still has the cluster.
  await store.inOrg(store.defaultOrg, (tx) => tx.leases.clear());
  const theirs = await lease(run);
  const thrown = await begin(run, mine).catch((error: unknown) => error);
  expect(Kappa4Error.is(thrown, "conflict")).toBe(true);
  expect(await standing(run)).toMatchObject({ run: "queued", approval: "approved" });
  expect(await begin(run, theirs)).toBeDefined();
  await mine.release();
  await theirs.release();
});

it("a run that nobody came to begin anything of is judged again by who goes on with it", async () => {
  const [frozen, going] = [await started(), await started()];
  for (const run of [frozen, going]) {
    const first = await lease(run);
    expect(await begin(run, first)).toBeDefined();
    await first.release();
  }
  const again = await lease(going);
  expect(await begin(going, again)).toBeDefined();
  await freeze(true);
  const late = await lease(frozen);
  try {
    expect(await begin(frozen, late)).toBeUndefined();
    const end = await standing(frozen);
    expect(end).toMatchObject({ run: "failed", approval: "failed" });
    expect(end.error).toMatchObject({ message: expect.stringContaining("frozen") });
  } finally {
    await freeze(false);
    await again.release();
    await late.release();
  }
});

it("a run waits for one of its cluster that has begun and is not over, whoever knows that one", async () => {
  const waiting = await started();
  const planned = aPlan("P-OPEN");
  const where = { action: "guests.shrink", connection: "gold", cluster: waiting.cluster };
  const open = aRun("R-OPEN", planned, { ...where, state: "running", startedAt: new Date(now) });
  await store.inOrg(store.defaultOrg, async (tx) => {
    await tx.plans.insert(planned);
    await tx.runs.insert(open);
  });
  // Whoever had it is gone.
  const first = await lease(waiting);
  await expect(begin(waiting, first)).rejects.toMatchObject({
    name: "PutOffError",
    message: expect.stringContaining(`R-OPEN has begun on ${waiting.cluster}`),
  });
  await first.release();
  expect(await standing(waiting)).toMatchObject({ run: "queued", approval: "approved" });
  const over = { state: "failed", endedAt: new Date(now) } as const;
  await store.inOrg(store.defaultOrg, (tx) => tx.runs.update(open.id, ["running"], over));
  const second = await lease(waiting);
  expect(await begin(waiting, second)).toBeDefined();
  await second.release();
});

it("what may not start any more is over, and nothing waits for it", async () => {
  const [frozen, late] = [await started(), await started()];
  await freeze(true);
  const held = await lease(frozen);
  expect(await begin(frozen, held)).toBeUndefined();
  await freeze(false);
  await held.release();
  expect(await standing(frozen)).toMatchObject({ run: "skipped", approval: "stale" });
  expect((await standing(frozen)).error).toMatchObject({
    message: expect.stringContaining("by local: an incident"),
  });
  pass(24 * 60 * 60_000);
  const second = await lease(late);
  expect(await begin(late, second)).toBeUndefined();
  await second.release();
  expect(await standing(late)).toMatchObject({ run: "skipped" });
  await attend();
  expect(await standing(late)).toMatchObject({ run: "skipped", approval: "expired" });
});

it("a run that somebody stopped before it came to do anything is cancelled, not failed", async () => {
  const run = await started();
  const first = await lease(run);
  expect(await begin(run, first)).toBeDefined();
  await first.release();
  await program.call("ana", "runs.cancel", { run: run.id, reason: "too early" });
  const second = await lease(run);
  expect(await begin(run, second)).toBeUndefined();
  await second.release();
  expect(await standing(run)).toMatchObject({ run: "cancelled", approval: "cancelled" });
});

it("of a run that was open when its store was backed up nothing is begun, or said that nobody knows", async () => {
  const [waiting, going] = [await started(), await started()];
  const first = await lease(going);
  expect(await begin(going, first)).toBeDefined();
  await first.release();
  const asked = { cancelAskedAt: new Date(now), cancelAskedBy: "restore" };
  for (const run of [waiting, going]) {
    await store.inOrg(store.defaultOrg, (tx) =>
      tx.runs.update(run.id as Id<"run">, ["queued", "running"], asked),
    );
    const held = await lease(run);
    expect(await begin(run, held)).toBeUndefined();
    await held.release();
  }
  const said = ({ shortId, cluster }: RunView): string =>
    `Run ${shortId} was open when the backup was made, and is not gone on with here. Whether it was carried out since, this store does not know: look at ${cluster} before you ask again.`;
  const error = { message: said(waiting) };
  expect(await standing(waiting)).toMatchObject({ run: "skipped", approval: "stale", error });
  expect(await standing(going)).toMatchObject({
    run: "cancelled",
    error: { message: said(going) },
  });
  const types = ["approval.stale"];
  const [news] = await store.inOrg(store.defaultOrg, (tx) => tx.events.list({ types, limit: 1 }));
  expect(news?.summary).toMatch(/^Plan P-\S+ is not carried out: Run R-/);
  expect(news?.summary).toContain(said(waiting));
});

it("what was begun outside is followed, frozen or not", async () => {
  const run = await started();
  const first = await lease(run);
  expect(await begin(run, first)).toBeDefined();
  await store.inOrg(store.defaultOrg, (tx) =>
    tx.runSteps.begin(run.id as Id<"run">, 0, first.fence, { intent: {}, at: new Date(now) }),
  );
  await first.release();
  await freeze(true);
  const second = await lease(run);
  try {
    const begun = await begin(run, second);
    expect(begun?.run.state).toBe("running");
    expect(begun?.halt).toBeUndefined();
  } finally {
    await freeze(false);
    const job = { org: store.defaultOrg, run: run.id as Id<"run">, cluster: run.cluster };
    await endRun({ store, clock }, job, second.fence, { state: "succeeded", result: null });
    await second.release();
  }
});

it("a worker that does not know what a run does leaves it to one that does, begun or not", async () => {
  const [going, waiting] = [await started(), await started()];
  const first = await lease(going);
  expect(await begin(going, first)).toBeDefined();
  const older = { store, clock, logger: silent, actionOf: () => undefined } as never;
  for (const { id: run } of [going, waiting]) {
    const job = { org: store.defaultOrg, run: run as Id<"run"> };
    const thrown = executeRun(older, job, new AbortController().signal);
    await expect(thrown).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("does not know rebalance.apply"),
    });
  }
  expect(await standing(going)).toMatchObject({ run: "running", approval: "executing" });
  expect(await standing(waiting)).toMatchObject({ run: "queued", approval: "approved" });
  expect(first.lost.aborted).toBe(false);
  await first.release();
  pass(25 * 60 * 60_000);
  await attend();
  expect(await standing(waiting)).toMatchObject({ run: "skipped", approval: "expired" });
});

const onEmbedded = IS_ON_SERVER ? () => undefined : it;

onEmbedded("an embedded store that is opened anew is nobody's of before", async () => {
  const run = await started();
  await lease(run);
  await program.core.close();
  const again = await openStore(made.options);
  const found = await again.inOrg(again.defaultOrg, (tx) => tx.leases.find(run.cluster));
  await again.close();
  expect(found).toBeUndefined();
});
