import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { transition } from "../../src/approvals/index.ts";
import { supersedeOlder } from "../../src/approving/supersede.ts";
import { type Id, newId } from "../../src/ids.ts";
import { planHash } from "../../src/plans/plan-hash.ts";
import { apply } from "../../src/rebalance/actions/apply.ts";
import { beginRun } from "../../src/runs/begin-run.ts";
import { endRun } from "../../src/runs/end-run.ts";
import { HeldLease } from "../../src/runs/held-lease.ts";
import type { Stopwatch } from "../../src/runs/stopwatch.ts";
import type {
  OrgTransaction,
  Store,
  StoredApproval,
  StoredPlan,
  StoredRun,
} from "../../src/store/index.ts";
import { draft, EVENTS, eva, facts, happens, NOON, SAME } from "../approvals/office.ts";
import { samplePlan } from "../rebalance/samples.ts";
import { handStopwatch } from "../runs/hand-stopwatch.ts";
import { type FreshStore, freshStore } from "../store/support/fresh-store.ts";
import { NOW, plan, seedOrg } from "../store/support/rows.ts";

const clock = { now: () => NOW.getTime(), sleep: async () => undefined };
let fresh: FreshStore;
let org: Id<"org">;
let rows = 0;

beforeAll(async () => {
  fresh = await freshStore();
  org = await seedOrg(fresh.store, "superseding");
});
afterAll(() => fresh[Symbol.asyncDispose]());

function work<T>(of: (tx: OrgTransaction) => Promise<T>): Promise<T> {
  return fresh.store.inOrg(org, of);
}

interface Asked {
  readonly plan: StoredPlan;
  readonly approval: StoredApproval;
  readonly run?: StoredRun;
}

/** Puts a plan into the store, each newer than the last, with its approval and perhaps its run. */
async function asked(
  state: "pending" | "approved" | "executing",
  { risk = 2, ...change }: Partial<StoredPlan> = {},
): Promise<Asked> {
  rows += 1;
  const hash = change.hash ?? rows.toString(16).padStart(64, "0");
  const isUsed = state !== "pending";
  const made = plan(`P-${rows}`, {
    ...{ id: newId("pln", rows), action: "rebalance.apply", hash },
    ...{ state: isUsed ? "consumed" : "draft", ...change },
  });
  let value = happens(draft(risk === 3 ? 3 : 2, { hash }), EVENTS.request);
  if (isUsed) value = happens(value, { kind: "approve", by: eva, hash, found: SAME });
  if (state === "executing") value = happens(value, EVENTS.start);
  const approval: StoredApproval = {
    ...{ id: newId("apr", rows), shortId: `A-${rows}`, planId: made.id, via: "sdk" },
    ...{ createdAt: NOW, approval: value },
  };
  await work(async (tx) => {
    await tx.plans.insert(made);
    await tx.approvals.insert(approval);
  });
  if (!isUsed) return { plan: made, approval };
  const { action, connection, cluster } = made;
  const run: StoredRun = {
    ...{ id: newId("run", rows), shortId: `R-${rows}`, action, connection, cluster, input: {} },
    ...{ planId: made.id, approvalId: approval.id, requestedBy: "ana", via: "sdk" },
    ...{ state: state === "executing" ? "running" : "queued", createdAt: NOW, startedAt: null },
    ...{ progress: null, result: null, error: null, endedAt: null },
    ...{ cancelAskedAt: null, cancelAskedBy: null },
  };
  await work((tx) => tx.runs.insert(run));
  return { plan: made, approval, run };
}

async function stateOf({ approval }: Asked): Promise<string | undefined> {
  return (await work((tx) => tx.approvals.find(approval.id)))?.approval.state;
}

async function runOf({ run }: Asked): Promise<StoredRun | undefined> {
  return run && work((tx) => tx.runs.find(run.id));
}

function supersedeBy({ plan: newer, approval }: Asked, replacesOlder = true): Promise<void> {
  const caller = { actor: { kind: "system" }, org, via: "sdk" } as const;
  return work((tx) =>
    supersedeOlder(tx, clock, {
      ...{ caller, action: { replacesOlder }, plan: newer },
      risk: approval.approval.risk,
    }),
  );
}

describe("a newer plan that is approved, or started", () => {
  it("takes the place of the older ones of its cluster that have not started, and of no others", async () => {
    const pending = await asked("pending");
    const queued = await asked("approved");
    const running = await asked("executing");
    const elsewhere = await asked("pending", { cluster: "silver" });
    const other = await asked("pending", { action: "instances.stop" });
    const newer = await asked("approved");
    const newest = await asked("pending");
    await supersedeBy(newer);
    expect(await Promise.all([pending, queued].map(stateOf))).toEqual(["superseded", "superseded"]);
    const others = await Promise.all([running, elsewhere, other, newer, newest].map(stateOf));
    expect(others).toEqual(["executing", "pending", "pending", "approved", "pending"]);

    expect(await work((tx) => tx.plans.find(pending.plan.id))).toMatchObject({
      state: "superseded",
    });
    expect(await runOf(queued)).toMatchObject({
      state: "skipped",
      endedAt: NOW,
      error: { message: expect.stringContaining(`newer plan ${newer.plan.shortId}`) },
    });
    expect(await runOf(running)).toMatchObject({ state: "running" });
    expect(await runOf(newer)).toMatchObject({ state: "queued" });
    const [event] = await work((tx) => tx.events.list({ subject: queued.approval.id }));
    expect(event).toMatchObject({
      type: "approval.superseded",
      data: { approval: queued.approval.shortId, by: newer.plan.shortId, people: ["ana"] },
    });
    const late = transition((await find(queued)).approval, EVENTS.start, facts());
    expect(late).toMatchObject({ ok: false, refusal: { code: "already_over" } });
  });

  it("ends no request of a higher class", async () => {
    const drain = await asked("pending", { cluster: "zinc", risk: 3 });
    const small = await asked("pending", { cluster: "zinc" });
    await supersedeBy(await asked("approved", { cluster: "zinc" }));
    expect(await Promise.all([drain, small].map(stateOf))).toEqual(["pending", "superseded"]);
    await supersedeBy(await asked("pending", { cluster: "zinc", risk: 3 }));
    expect(await stateOf(drain)).toBe("superseded");
  });

  it("does so once, and not where each request is a matter of its own", async () => {
    const older = await asked("pending");
    const newer = await asked("approved");
    await supersedeBy(newer, false);
    expect(await stateOf(older)).toBe("pending");
    await Promise.all([supersedeBy(newer), supersedeBy(newer)]);
    expect(await stateOf(older)).toBe("superseded");
    expect(await work((tx) => tx.events.list({ subject: older.approval.id }))).toHaveLength(1);
  });
});

describe("a newer plan that starts", () => {
  it("takes the place of what was asked for after its own approval", async () => {
    const older = await asked("pending", { cluster: "tin" });
    const newer = await startable("tin");
    const begun = await begin(newer, fresh.store);
    expect((await runOf(newer))?.error).toBe(null);
    expect(begun?.content).toEqual(newer.plan.content);
    expect(await Promise.all([newer, older].map(stateOf))).toEqual(["executing", "superseded"]);
  });
});

describe("a run whose beginning is not answered", () => {
  it("is told to go on once for each lease after the one that began it", async () => {
    const started = await startable("lead");
    const told = async (): Promise<readonly string[]> => {
      const events = await work((tx) => tx.events.list({ subject: started.run?.id }));
      return events.map(({ type }) => type).sort();
    };
    expect(await begin(started, losingAnAnswer(fresh.store))).toBeDefined();
    expect(await told()).toEqual(["run.started"]);
    expect(await begin(started, losingAnAnswer(fresh.store))).toBeDefined();
    expect(await told()).toEqual(["run.resumed", "run.started"]);
    expect(await begin(started, fresh.store)).toBeDefined();
    expect(await told()).toEqual(["run.resumed", "run.resumed", "run.started"]);
  });
});

/** A run that may begin: whoever holds the process may ask at any time. */
async function startable(cluster: string): Promise<Asked> {
  const content = samplePlan([]);
  const { action, connection } = { action: "rebalance.apply", connection: "lab" };
  const binding = apply.binding(content);
  const hash = planHash({ org, action, connection, cluster, binding });
  const made = await asked("approved", { cluster, content, hash });
  const { approval, id } = made.approval;
  const request = approval.request && { ...approval.request, by: "local" };
  await work((tx) =>
    tx.approvals.save(id, { ...approval, request, version: 1 + approval.version }),
  );
  return made;
}

/** Takes the lease of a run, begins it or goes on with it, and gives the lease back. */
async function begin({ run, plan: { cluster } }: Asked, store: Store) {
  const job = { org, run: run?.id ?? newId("run"), cluster };
  const hand = handStopwatch();
  // What is tried again is tried at once.
  const every: Stopwatch["every"] = (ms, tick) => {
    if (ms < 1_000) setImmediate(tick);
    return ms < 1_000 ? () => undefined : hand.every(ms, tick);
  };
  const lease = await HeldLease.take(fresh.store, { ...job, holder: "here" }, { ...hand, every });
  if (!(lease instanceof HeldLease)) throw new Error("nobody else holds it");
  const parts = { store, clock: { ...clock, now: () => NOON.getTime() } };
  const begun = await beginRun(parts, job, apply, lease, new AbortController().signal);
  await lease.release();
  return begun;
}

/** The same store behind a line that breaks once, between a commit and its answer. */
function losingAnAnswer(store: Store): Store {
  let isBroken = false;
  return {
    ...store,
    async inOrg(whose, does) {
      const answer = await store.inOrg(whose, does);
      if (isBroken) return answer;
      isBroken = true;
      throw new Error("Connection terminated unexpectedly");
    },
  };
}

describe("a run under way whose plan is not as it was made", () => {
  it("ends without a word of what nobody knows where it left no step to follow", async () => {
    const changed = await asked("executing", { cluster: "zinc", content: samplePlan([]) });
    const job = { org, run: changed.run?.id ?? newId("run"), cluster: "zinc" };
    const lease = await HeldLease.take(fresh.store, { ...job, holder: "here" }, handStopwatch());
    if (!(lease instanceof HeldLease)) throw new Error("nobody else holds it");
    const parts = { store: fresh.store, clock };
    expect(await beginRun(parts, job, apply, lease, new AbortController().signal)).toBe(undefined);
    await lease.release();
    const ended = await runOf(changed);
    expect(ended).toMatchObject({ state: "stale", error: { code: "plan_stale" } });
    expect(JSON.stringify(ended?.error)).not.toContain("Nothing was done");
  });
});

describe("a run that ends because the cluster has drifted", () => {
  it("makes its approval stale, and tells who asked what differs", async () => {
    const drifted = await asked("executing");
    const message = "web-01 is on pve3, not on pve2 as planned; plan again";
    const job = { org, run: drifted.run?.id ?? newId("run"), cluster: "lab" };
    const error = { code: "plan_stale", message } as const;
    const end = { state: "stale", result: null, error } as const;
    await endRun({ store: fresh.store, clock }, job, undefined, end);
    await endRun({ store: fresh.store, clock }, job, undefined, end);
    expect(await runOf(drifted)).toMatchObject({ state: "stale" });
    expect((await find(drifted)).approval).toMatchObject({
      state: "stale",
      ending: { reason: message },
    });
    const events = await work((tx) => tx.events.list({ subject: drifted.approval.id }));
    expect(events).toMatchObject([
      { type: "approval.stale", data: { people: ["ana"], difference: message } },
    ]);
  });
});

async function find({ approval }: Asked): Promise<StoredApproval> {
  const stored = await work((tx) => tx.approvals.find(approval.id));
  if (stored === undefined) throw new Error("it was to be there");
  return stored;
}
