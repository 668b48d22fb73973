import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Id, newId, toUuid } from "../../src/ids.ts";
import { PutOffError } from "../../src/runs/put-off.ts";
import { type Abilities, openQueue, type RunJob, type RunQueue } from "../../src/runs/queue.ts";
import type { StoredRun } from "../../src/store/index.ts";
import { type FreshStore, freshStore } from "../store/support/fresh-store.ts";
import { NOW, plan } from "../store/support/rows.ts";

const logger = { debug() {}, info() {}, warn() {}, error() {} };

let fresh: FreshStore;
let queue: RunQueue;
beforeEach(async () => {
  fresh = await freshStore();
  queue = await openQueue(fresh.store, { logger });
});
afterEach(async () => {
  await queue.close();
  await fresh[Symbol.asyncDispose]();
});

let count = 0;

/** Puts a run into the store and into the queue, as whoever starts one does. */
async function start(cluster: string, changes: Partial<StoredRun> = {}): Promise<Id<"run">> {
  count += 1;
  const { store } = fresh;
  const id = newId("run");
  await store.inOrg(store.defaultOrg, async (tx) => {
    const planned = plan(`P-${count}`);
    await tx.plans.insert(planned);
    await tx.runs.insert({
      id,
      shortId: `R-${count}`,
      action: "rebalance.apply",
      input: {},
      planId: planned.id,
      approvalId: null,
      connection: "lab",
      cluster,
      state: "queued",
      ...{ progress: null, result: null, error: null },
      requestedBy: "local",
      via: "sdk",
      ...{ cancelAskedAt: null, cancelAskedBy: null },
      createdAt: NOW,
      ...{ startedAt: null, endedAt: null },
      ...changes,
    });
    const { action = "rebalance.apply", connection = "lab" } = changes;
    await queue.add(tx, { org: store.defaultOrg, run: id, action, connection, cluster });
  });
  return id;
}

/** Whoever has these connections and knows what there is. */
function able(...connections: readonly string[]): Abilities {
  return { connections, actions: ["rebalance.apply", "service.start"] };
}

/** What the queue says of the job of a run. */
async function stateOf(run: Id<"run">): Promise<unknown> {
  const text = "select state::text as state from pgboss.job where id = $1";
  const { rows } = await fresh.store.queue.executeSql(text, [toUuid(run)]);
  return Object(rows[0]).state;
}

/** Works until so many runs were handed out. */
async function handOut(runs: number, handle = async (_job: RunJob) => {}): Promise<string[]> {
  const seen: string[] = [];
  const all = Promise.withResolvers<void>();
  await queue.work(able("lab"), async (job) => {
    seen.push(job.run);
    await handle(job);
    if (seen.length === runs) all.resolve();
  });
  await all.promise;
  return seen;
}

describe("the queue of runs", () => {
  it("hands out every run once, in the order in which they came", async () => {
    const runs = [await start("a"), await start("b"), await start("c")];
    expect(await handOut(3)).toEqual(runs);
  });

  it("has one run of a cluster under way at a time, and the others take nobody's place", async () => {
    const first = await start("a");
    const second = await start("a");
    const other = await start("b");
    const gate = Promise.withResolvers<void>();
    const seen: string[] = [];
    const third = Promise.withResolvers<void>();
    await queue.work(able("lab"), async ({ run }) => {
      seen.push(run);
      if (run === other) gate.resolve();
      if (run === first) await gate.promise;
      if (run === second) third.resolve();
    });
    await third.promise;
    expect(seen.indexOf(second)).toBe(2);
  });

  it("leaves the runs of other connections where they are, for whoever has them", async () => {
    const elsewhere = await start("a", { connection: "gold" });
    // Of one cluster, so that it takes two looks.
    const here = [await start("b"), await start("b")];
    expect(await handOut(2)).toEqual(here);
    expect(await stateOf(elsewhere)).toBe("created");
    const other = await openQueue(fresh.store, { logger });
    const taken = Promise.withResolvers<string>();
    await other.work(able("gold", "silver"), async ({ run }) => taken.resolve(run));
    expect(await taken.promise).toBe(elsewhere);
    await other.close();
  });

  it("has one run of a cluster under way at a time, by whichever connection it goes", async () => {
    const first = await start("a");
    const second = await start("a", { connection: "gold" });
    const other = await start("b", { connection: "gold" });
    const gate = Promise.withResolvers<void>();
    const seen: string[] = [];
    const third = Promise.withResolvers<void>();
    await queue.work(able("lab", "gold"), async ({ run }) => {
      seen.push(run);
      if (run === other) gate.resolve();
      if (run === first) await gate.promise;
      if (run === second) third.resolve();
    });
    await third.promise;
    expect(seen).toEqual([first, other, second]);
  });

  it("leaves a run that it does not know to who does, and what waits behind it passes", async () => {
    const newer = await start("a", { action: "guests.shrink" });
    const here = [await start("a"), await start("a", { action: "service.start" })];
    expect(await handOut(2)).toEqual(here);
    expect(await stateOf(newer)).toBe("created");
    const other = await openQueue(fresh.store, { logger });
    const taken = Promise.withResolvers<string>();
    const all = { connections: ["lab"], actions: ["rebalance.apply", "guests.shrink"] };
    await other.work(all, async ({ run }) => taken.resolve(run));
    expect(await taken.promise).toBe(newer);
    await other.close();
  });

  it("has a run that is put off wait, and what is behind it comes first", async () => {
    const [first, second] = [await start("a"), await start("a")];
    let isBlocked = true;
    const block = async ({ run }: RunJob) => {
      if (run === first && isBlocked) throw new PutOffError("something is in its way", 60_000);
      isBlocked = false;
    };
    expect(await handOut(2, block)).toEqual([first, second]);
    expect(await stateOf(first)).toBe("retry");
    await fresh.store.queue.executeSql("update pgboss.job set start_after = now()");
    await expect.poll(() => stateOf(first), { timeout: 5_000 }).toBe("completed");
  });

  it("hands out what an older version has put in, which did not say who can do it", async () => {
    const { store } = fresh;
    const [old, lasting] = [await start("a"), await start("b", { connection: "gold" })];
    const tier = "case when id = $1 then null else 'gold' end";
    await store.queue.executeSql(`update pgboss.job set group_tier = ${tier}`, [toUuid(old)]);
    expect(await queue.mend()).toBe(2);
    expect(await queue.mend()).toBe(0);
    expect(await handOut(1)).toEqual([old]);
    expect(await stateOf(lasting)).toBe("created");
  });

  it("finds runs again whose job has vanished, was ended too early, or was given up", async () => {
    const { store } = fresh;
    const [vanished, completed, failed] = [await start("a"), await start("b"), await start("c")];
    const whole = await start("d");
    await start("e", { state: "succeeded", endedAt: NOW });
    const change = (text: string, run: Id<"run">) => store.queue.executeSql(text, [toUuid(run)]);
    await change("delete from pgboss.job where id = $1", vanished);
    await change("update pgboss.job set state = 'completed' where id = $1", completed);
    await change("update pgboss.job set state = 'failed' where id = $1", failed);
    expect(await queue.mend()).toBe(3);
    expect(await queue.mend()).toBe(0);
    const seen = await handOut(5);
    expect(
      seen.filter((run) => [vanished, completed, failed, whole].includes(run as Id<"run">)),
    ).toHaveLength(4);
    expect(new Set(seen).size).toBe(5);
  });
});
