import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Id, newId } from "../../src/ids.ts";
import { riskOfMoves } from "../../src/rebalance/binding.ts";
import { riskOfWork } from "../../src/runs/risk-of-work.ts";
import type { OrgTransaction, StoredRun } from "../../src/store/index.ts";
import { draft, EVENTS, eva, happens, SAME } from "../approvals/office.ts";
import { sampleMove, samplePlan } from "../rebalance/samples.ts";
import { type FreshStore, freshStore } from "../store/support/fresh-store.ts";
import { NOW, plan, seedOrg } from "../store/support/rows.ts";

const action = "rebalance.apply";
let fresh: FreshStore;
let org: Id<"org">;
let rows = 0;

beforeAll(async () => {
  fresh = await freshStore();
  org = await seedOrg(fresh.store, "pieces");
});
afterAll(() => fresh[Symbol.asyncDispose]());

function work<T>(of: (tx: OrgTransaction) => Promise<T>): Promise<T> {
  return fresh.store.inOrg(org, of);
}

function movesOf(count: number) {
  return samplePlan(Array.from({ length: count }, (_, at) => sampleMove(at, "a", "b")));
}

/** Puts the run of a plan of class 2 into the store, of a policy that asks nobody, or with the vote of Eva. */
async function run(
  cluster: string,
  count: number,
  { isVoted = false, ...change }: Partial<StoredRun> & { readonly isVoted?: boolean } = {},
): Promise<void> {
  rows += 1;
  const hash = rows.toString(16).padStart(64, "0");
  const asked = happens(draft(2, { hash }), EVENTS.request);
  const approval = isVoted
    ? happens(asked, { kind: "approve", by: eva, hash, found: SAME })
    : ({ ...asked, state: "approved" } as typeof asked);
  const made = plan(`P-${rows}`, { action, cluster, content: movesOf(count), hash });
  const ids = { planId: made.id, approvalId: newId("apr", rows) };
  await work(async (tx) => {
    await tx.plans.insert(made);
    await tx.approvals.insert({
      ...{ id: ids.approvalId, shortId: `A-${rows}`, planId: made.id, via: "sdk" },
      ...{ createdAt: NOW, approval },
    });
    await tx.runs.insert({
      ...{ id: newId("run", rows), shortId: `R-${rows}`, action, connection: "lab", cluster },
      ...{ ...ids, input: {}, requestedBy: "ben", via: "sdk", state: "succeeded" },
      ...{ createdAt: NOW, startedAt: NOW, endedAt: NOW, progress: null, error: null },
      ...{ result: { moves: Array.from({ length: count }, () => ({ startedAt: NOW })) } },
      ...{ cancelAskedAt: null, cancelAskedBy: null, ...change },
    });
  });
}

async function classOf(cluster: string, count: number, more: object = {}): Promise<number> {
  const { risk } = await work((tx) =>
    riskOfWork(tx, {
      ...{ action, cluster, content: movesOf(count), isTrusted: false },
      ...{ local: "trusted", now: NOW, ...more },
      risk: (content) => riskOfMoves(content as ReturnType<typeof movesOf>),
    }),
  );
  return risk;
}

describe("the class of a piece of work", () => {
  it("counts what anybody moved that nobody voted on, of whatever class that was", async () => {
    await run("voted", 10, { isVoted: true });
    expect(await classOf("voted", 3)).toBe(1);
    await run("tin", 10);
    expect(await classOf("tin", 1)).toBe(3);
    expect(await classOf("other", 1)).toBe(1);
    expect(await classOf("tin", 1, { now: new Date(NOW.getTime() + 3_700_000) })).toBe(1);
    await run("local", 10, { requestedBy: "local" });
    expect(await classOf("local", 1)).toBe(1);
    expect(await classOf("local", 1, { local: "required" })).toBe(3);
  });

  it("counts what was moved in the same cluster, by whichever connection", async () => {
    await run("lead", 3, { connection: "east" });
    await run("lead", 3, { connection: "west" });
    expect(await classOf("lead", 4)).toBe(2);
    expect(await classOf("lead", 5)).toBe(3);
  });

  it.each([
    ["after the look", 500, 3],
    ["before it by a clock that is behind", -4_500, 3],
    ["long before it", -120_000, 1],
  ])("takes what ended %s as seen or not", async (name, afterMs, risk) => {
    const endedAt = new Date(NOW.getTime() + afterMs);
    await run(name, 1, { isVoted: true, endedAt });
    const today = {
      at: NOW,
      risk: (content: ReturnType<typeof movesOf>, underWay: readonly unknown[]) => ({
        ...riskOfMoves(content),
        isDrain: underWay.length > 0,
      }),
    };
    expect(await classOf(name, 1, { today })).toBe(risk);
  });

  it("counts what is still to be moved, however long ago it was asked for, and all of it", async () => {
    const long = new Date(NOW.getTime() - 86_400_000);
    const open = { state: "running", createdAt: long, endedAt: null, result: null } as const;
    await run("zinc", 8, open);
    for (let idle = 0; idle < 101; idle++) await run("zinc", 0);
    expect(await classOf("zinc", 3)).toBe(3);
    expect(await classOf("zinc", 2)).toBe(2);
  });
});
