import { Kappa4Error } from "@kappa4/connectors";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunContext } from "../../src/actions/context.ts";
import type { Conclusion, RunEnd } from "../../src/actions/define.ts";
import { newId } from "../../src/ids.ts";
import { create } from "../../src/roles/create.ts";
import { update } from "../../src/roles/update.ts";
import { endRun } from "../../src/runs/end-run.ts";
import { HeldLease } from "../../src/runs/held-lease.ts";
import { storeLedger } from "../../src/runs/store-ledger.ts";
import { explainError } from "../../src/store/explain-error.ts";
import type { OrgTransaction, StoredRun } from "../../src/store/index.ts";
import { draft, EVENTS, follow } from "../approvals/office.ts";
import { type FreshStore, freshStore } from "../store/support/fresh-store.ts";
import { NOW, plan } from "../store/support/rows.ts";
import { handStopwatch } from "./hand-stopwatch.ts";

const clock = { now: () => NOW.getTime(), sleep: async () => undefined };
let fresh: FreshStore;
let rows = 0;

beforeAll(async () => {
  fresh = await freshStore();
});
afterAll(() => fresh[Symbol.asyncDispose]());

function work<T>(of: (tx: OrgTransaction) => Promise<T>): Promise<T> {
  return fresh.store.inOrg(fresh.store.defaultOrg, of);
}

/** Puts a run into the store that has begun. */
async function begun(change: Partial<StoredRun> = {}): Promise<StoredRun> {
  rows += 1;
  const hash = rows.toString(16).padStart(64, "0");
  const events = [EVENTS.request, { ...EVENTS.approve, hash }, EVENTS.start];
  const approval = follow(draft(2, { hash }), events);
  const { id: planId, action, connection, cluster } = plan(`P-${rows}`);
  const approvalId = newId("apr", rows);
  const run: StoredRun = {
    ...{ id: newId("run", rows), shortId: `R-${rows}`, action, connection, cluster, input: {} },
    ...{ planId, approvalId, requestedBy: "ana", via: "sdk", state: "running" },
    ...{ createdAt: NOW, startedAt: NOW, progress: null, result: null, error: null },
    ...{ endedAt: null, cancelAskedAt: null, cancelAskedBy: null, ...change },
  };
  await work(async (tx) => {
    await tx.plans.insert({ ...plan(`P-${rows}`, { state: "consumed", hash }), id: planId });
    await tx.approvals.insert({
      ...{ id: approvalId, shortId: `A-${rows}`, planId, via: "sdk", createdAt: NOW, approval },
    });
    await tx.runs.insert(run);
  });
  return run;
}

/** Writes a section down, and may then fail. */
function writing(key: string, error?: Error): Conclusion {
  return {
    async conclude(tx) {
      await tx.documents.put({ scope: "org", key, value: {}, by: "ana", at: NOW });
      if (error !== undefined) throw error;
      return { state: "succeeded", result: { key } };
    },
  };
}

function isWritten(key: string): Promise<boolean> {
  return work(async (tx) => (await tx.documents.find("org", key)) !== undefined);
}

function end({ id: run, cluster }: StoredRun, conclusion: RunEnd | Conclusion, fence?: number) {
  const job = { org: fresh.store.defaultOrg, run, cluster };
  return endRun({ store: fresh.store, clock }, job, fence, conclusion);
}

async function roleOf(key: string): Promise<readonly string[] | undefined> {
  return (await work((tx) => tx.roles.findByKey(key)))?.permissions;
}

async function stateOf({ id }: StoredRun): Promise<string | undefined> {
  return (await work((tx) => tx.runs.find(id)))?.state;
}

/** The ledger of a run that has begun, and the lease of its cluster. */
async function underWay(cluster: string, closing?: AbortSignal) {
  const { id: run, connection } = await begun({ cluster });
  const { store } = fresh;
  const where = { org: store.defaultOrg, cluster, run };
  const lease = await HeldLease.take(store, { ...where, holder: "here" });
  if (!(lease instanceof HeldLease)) throw new Error("somebody else holds it");
  const ledger = storeLedger({ ...where, store, clock, connection, lease, closing });
  return { run, ledger, lease };
}

function stop(run: StoredRun["id"]): Promise<boolean> {
  const asked = { cancelAskedAt: NOW, cancelAskedBy: "leo" };
  return work((tx) => tx.runs.update(run, ["running"], asked));
}

describe("the conclusion of a run", () => {
  it("takes effect together with the end, once", async () => {
    const run = await begun();
    expect(await end(run, writing("once"))).toEqual({
      state: "succeeded",
      result: { key: "once" },
    });
    expect(await stateOf(run)).toBe("succeeded");
    expect(await end(run, writing("twice"))).toBeUndefined();
    expect([await isWritten("once"), await isWritten("twice")]).toEqual([true, false]);
  });

  it("leaves nothing behind where it fails, and the run as it was", async () => {
    const run = await begun();
    const error = new Kappa4Error("permission", "You may not; ask somebody who may.");
    await expect(end(run, writing("failed", error))).rejects.toBe(error);
    expect([await isWritten("failed"), await stateOf(run)]).toEqual([false, "running"]);
  });

  it("has no effect for a process that has lost the lease", async () => {
    const run = await begun();
    const claim = { org: fresh.store.defaultOrg, cluster: run.cluster, run: run.id, holder: "me" };
    const lease = await HeldLease.take(fresh.store, claim, handStopwatch());
    if (!(lease instanceof HeldLease)) throw new Error("the lease was to be free");
    const late = end(run, writing("late"), lease.fence + 1);
    await expect(late).rejects.toMatchObject({ code: "conflict" });
    expect([await isWritten("late"), await stateOf(run)]).toEqual([false, "running"]);
    await lease.release();
  });

  it("is answered again for whoever did not hear how it ended, and still has the lease", async () => {
    const run = await begun();
    const claim = { org: fresh.store.defaultOrg, cluster: run.cluster, run: run.id, holder: "me" };
    const lease = await HeldLease.take(fresh.store, claim, handStopwatch());
    if (!(lease instanceof HeldLease)) throw new Error("the lease was to be free");
    const first = await end(run, writing("heard"), lease.fence);
    expect(first).toMatchObject({ state: "succeeded" });
    expect(await end(run, writing("unheard"), lease.fence)).toEqual(first);
    expect(await end(run, writing("foreign"), lease.fence + 1)).toBeUndefined();
    expect([await isWritten("unheard"), await isWritten("foreign")]).toEqual([false, false]);
    await lease.release();
  });

  it.each([false, true])("makes and changes a role, where cancelled is %s", async (isCancelled) => {
    const key = `shift-${isCancelled}`;
    const [before, after] = [["nodes.read"], ["guests.read"]] as const;
    const change = isCancelled ? { cancelAskedAt: NOW, cancelAskedBy: "leo" } : {};
    const state = isCancelled ? "cancelled" : "succeeded";
    const caller = { actor: { kind: "system" }, via: "sdk" } as const;
    const context: RunContext = { ...Object.create(null), clock, caller };
    const content = { id: newId("rol"), key, name: "Shift", permissions: before, giver: "local" };
    const input = { key, name: "Shift", permissions: before, reason: "nights" };
    const making = (await create.execute(context, content, input)) as Conclusion;
    expect(await roleOf(key)).toBeUndefined();
    expect(await end(await begun(change), making)).toMatchObject({ state });
    expect(await roleOf(key)).toEqual(isCancelled ? undefined : before);

    if (isCancelled) await end(await begun(), making);
    const roles = {
      before: { name: "Shift", permissions: before },
      after: { name: "Shift", permissions: after },
    };
    const to = { key, ...roles, giver: "local" };
    const changing = (await update.execute(context, to, input)) as Conclusion;
    expect(await roleOf(key)).toEqual(before);
    expect(await end(await begun(change), changing)).toMatchObject({ state });
    expect(await roleOf(key)).toEqual(isCancelled ? before : after);
  });

  it("has no effect once somebody has cancelled the run", async () => {
    const run = await begun({ cancelAskedAt: NOW, cancelAskedBy: "leo" });
    expect(await end(run, writing("cancelled"))).toMatchObject({ state: "cancelled" });
    expect([await isWritten("cancelled"), await stateOf(run)]).toEqual([false, "cancelled"]);
  });

  it("says who cancelled a run that had done a part", async () => {
    const part = { state: "cancelled", result: { moves: [] }, error: undefined } as const;
    const messageOf = async (cancelAskedBy: string): Promise<string | undefined> =>
      (await end(await begun({ cancelAskedAt: NOW, cancelAskedBy }), part))?.error?.message;
    expect(await messageOf("leo")).toBe("Cancelled by leo");
    expect(await messageOf("local")).toBe("Cancelled by whoever holds the machine");
    expect(await messageOf("restore")).toContain("was open when the backup was made");
  });
});

describe("what a run reads while it goes", () => {
  it("is read again when the store was away for a moment, and for nothing else", async () => {
    const { lease } = await underWay("reading");
    const readAfter = (thrown: unknown[]): Promise<string> =>
      lease.write(async () => {
        if (thrown.length > 0) throw thrown.shift();
        return "read";
      });
    const hungUp = explainError(new Error("Connection terminated unexpectedly"), "use store");
    expect(await readAfter([hungUp, hungUp])).toBe("read");
    const wrong = new Kappa4Error("config_invalid", "balancing.method: no such method.");
    await expect(readAfter([wrong])).rejects.toBe(wrong);
    await lease.release();
  });

  it("is whether somebody has stopped it, as the record knows", async () => {
    const { run, ledger, lease } = await underWay("stopping");
    expect(await ledger.isCancelled()).toBe(false);
    await stop(run);
    expect(await ledger.isCancelled()).toBe(true);
    await lease.release();
  });
});

describe("the steps of a run", () => {
  it("are begun no more once somebody has stopped it, and what was left of one is skipped", async () => {
    const { run, ledger, lease } = await underWay("steps");
    await ledger.intend(0, {});
    await stop(run);
    for (const step of [0, 1]) {
      await expect(ledger.intend(step, {})).rejects.toMatchObject({ code: "conflict" });
    }
    expect(await work((tx) => tx.runSteps.list(run))).toMatchObject([
      { step: 0, state: "skipped", attempt: 1, result: { outcome: "not_applied" } },
    ]);
    await lease.release();
  });

  it("are begun no more by a process that is to end, which leaves them to the next one", async () => {
    const closing = new AbortController();
    const { run, ledger, lease } = await underWay("closing", closing.signal);
    await ledger.intend(0, {});
    closing.abort();
    await expect(ledger.intend(0, {})).rejects.toMatchObject({ code: "conflict" });
    const steps = await work((tx) => tx.runSteps.list(run));
    expect(steps).toMatchObject([{ step: 0, state: "intent", attempt: 1 }]);
    await lease.release();
  });
});
