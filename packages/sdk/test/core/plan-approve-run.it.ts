import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Kappa4 } from "../../src/index.ts";
import { openStore } from "../../src/store/index.ts";
import { type Lab, openLab } from "../simulated/lab.ts";
import { type ClosedStore, closedStore } from "../store/support/fresh-store.ts";
import { join, type Somebody } from "./people.ts";

let made: ClosedStore;
let lab: Lab;
let kappa4: Kappa4;
const people = new Map<string, Somebody["id"]>();

/** Ana and Eva operate, Leo administers, Vic views; Gus operates, on another connection. */
const STAFF = [
  ["ana", "operator", "org"],
  ["eva", "operator", "org"],
  ["leo", "admin", "org"],
  ["vic", "viewer", "org"],
  ["gus", "operator", "connection:silver"],
] as const;

function as(name: string): Somebody["kappa4"] {
  const id = people.get(name);
  if (id === undefined) throw new Error(`nobody is called ${name}`);
  return kappa4.as({ actor: { kind: "person", id }, via: "slack" });
}

beforeEach(async () => {
  made = await closedStore();
  const store = await openStore(made.options);
  for (const [name, role, scope] of STAFF) people.set(name, await join(store, name, role, scope));
  await store.close();
  lab = await openLab({ seed: 5, nodes: 5, guests: 60, store: made.options });
  ({ kappa4 } = lab);
});

afterEach(async () => {
  await lab.close();
  await made.remove();
});

/** Enough moves that somebody else has to say yes, and few enough that an Operator's yes is enough. */
const options = { balanciness: 2, maxMoves: 7 };

/** How often the outside system was asked to move a guest. */
function migrations(): number {
  return lab.simulator.requests.filter(
    ({ method, path }) => method === "POST" && path.endsWith("/migrate"),
  ).length;
}

describe("plan, approve, run", () => {
  it("carries out a plan of whoever holds the process, once", async () => {
    const plan = await kappa4.rebalance.plan({ options });
    const answer = await kappa4.rebalance.apply({ plan: plan.shortId });
    if (answer.state !== "started") throw new Error("it was to start at once");
    const run = await kappa4.runs.wait({ run: answer.run.id });
    expect(run.state).toBe("succeeded");
    expect(migrations()).toBe(plan.content.moves.length);
    await expect(kappa4.rebalance.apply({ plan: plan.id })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining(`as run ${run.shortId}`),
    });
    expect(migrations()).toBe(plan.content.moves.length);
  });

  it("answers a request that comes again with what it answered first", async () => {
    const plan = await kappa4.rebalance.plan({ options });
    const ask = () => kappa4.rebalance.apply({ plan: plan.id }, { requestKey: "click-1" });
    const answers = await Promise.all([ask(), ask(), ask()]);
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    expect(await kappa4.runs.list()).toHaveLength(1);
    const other = kappa4.rebalance.apply(
      { plan: plan.id, reason: "more" },
      { requestKey: "click-1" },
    );
    await expect(other).rejects.toMatchObject({ code: "conflict" });
  });

  it("waits for somebody else's yes, and starts with it", async () => {
    const plan = await as("ana").rebalance.plan({ options });
    expect(plan.risk).toBe(2);
    const asked = await as("ana").rebalance.apply({ plan: plan.id, reason: "one node is full" });
    if (asked.state !== "waiting") throw new Error("it was to wait");
    const { approval } = asked;
    expect(approval).toMatchObject({ state: "pending", requestedBy: people.get("ana") });
    const { hash, shortId: name } = approval;
    const own = as("ana").approvals.approve({ approval: name, hash });
    await expect(own).rejects.toMatchObject({ code: "permission" });
    const viewer = as("vic").approvals.approve({ approval: name, hash });
    await expect(viewer).rejects.toMatchObject({ code: "permission" });
    const wrong = as("eva").approvals.approve({ approval: name, hash: "0".repeat(64) });
    await expect(wrong).rejects.toMatchObject({ code: "plan_stale" });
    expect(migrations()).toBe(0);
    // Newer and of no weight before anybody has approved it.
    lab.simulator.advance(1_000);
    const newer = await as("ana").rebalance.plan({ options: { ...options, maxMoves: 6 } });
    const later = await as("ana").rebalance.apply({ plan: newer.id });
    if (later.state !== "waiting") throw new Error("it was to wait");

    const granted = await as("eva").approvals.approve({ approval: name, hash });
    if (granted.state !== "started") throw new Error("it was to start");
    const left = await as("ana").approvals.withdraw({ approval: later.approval.id });
    expect(left).toMatchObject({ approval: { state: "withdrawn" } });
    const run = await kappa4.runs.wait({ run: granted.run.id });
    expect(run).toMatchObject({ state: "succeeded", requestedBy: people.get("ana") });
    expect(await kappa4.approvals.get({ approval: name })).toMatchObject({ state: "succeeded" });
    const again = as("leo").approvals.approve({ approval: name, hash });
    await expect(again).rejects.toMatchObject({ code: "conflict" });
    expect(migrations()).toBe(plan.content.moves.length);
  });

  it("is superseded by a newer plan that somebody approves", async () => {
    const asked = await Promise.all(
      [6, 7].map(async (maxMoves) => {
        const plan = await as("ana").rebalance.plan({ options: { ...options, maxMoves } });
        return as("ana").rebalance.apply({ plan: plan.id });
      }),
    );
    const [older, newer] = asked
      .flatMap((answer) => (answer.state === "waiting" ? [answer] : []))
      .sort((one, other) => (one.plan.id < other.plan.id ? -1 : 1));
    if (older === undefined || newer === undefined) throw new Error("both were to wait");
    const { id: approval, hash } = newer.approval;
    const granted = await as("eva").approvals.approve({ approval, hash });
    if (granted.state !== "started") throw new Error("it was to start");
    expect(await kappa4.approvals.get({ approval: older.approval.id })).toMatchObject({
      state: "superseded",
      details: { state: "superseded" },
      ending: { reason: newer.plan.shortId },
    });
    await expect(as("ana").rebalance.apply({ plan: older.plan.id })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("was superseded"),
    });
    await kappa4.runs.wait({ run: granted.run.id });
  });

  it("moves nothing after a no, and nothing after the time is over", async () => {
    const first = await as("ana").rebalance.plan({ options });
    const asked = await as("ana").rebalance.apply({ plan: first.id });
    if (asked.state !== "waiting") throw new Error("it was to wait");
    const no = await as("leo").approvals.deny({
      approval: asked.approval.id,
      reason: "backup runs",
    });
    expect(no).toMatchObject({ state: "denied", approval: { state: "denied" } });
    await expect(as("ana").rebalance.apply({ plan: first.id })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("was denied"),
    });
    const second = await as("ana").rebalance.plan({ options });
    const late = await as("ana").rebalance.apply({ plan: second.id });
    if (late.state !== "waiting") throw new Error("it was to wait");
    lab.simulator.advance(2 * 60 * 60 * 1000);
    const { id: approval, hash } = late.approval;
    const yes = as("eva").approvals.approve({ approval, hash });
    await expect(yes).rejects.toMatchObject({ code: "approval_expired" });
    expect(migrations()).toBe(0);
  });

  it("says who may, and lets nobody see what they may not", async () => {
    await expect(as("vic").rebalance.plan()).rejects.toMatchObject({
      code: "permission",
      message: expect.stringContaining("Ask somebody who is Operator, Admin, or Super Admin"),
    });
    await expect(as("vic").nodes.list()).resolves.toHaveLength(5);
    const hidden = { code: "not_found", message: expect.stringContaining("no such thing") };
    await expect(as("gus").rebalance.plan({ connection: "lab" })).rejects.toMatchObject(hidden);
    await expect(as("gus").rebalance.plan({ connection: "iron" })).rejects.toMatchObject(hidden);
    const plan = await as("ana").rebalance.plan({ options });
    await expect(as("gus").rebalance.apply({ plan: plan.id })).rejects.toMatchObject(hidden);
    await expect(as("gus").rebalance.apply({ plan: "P-0000" })).rejects.toMatchObject(hidden);
  });

  it("asks two people where a protected guest moves, whatever an adopted plan says", async () => {
    const first = await kappa4.rebalance.plan({ options });
    expect(first.risk).toBe(2);
    const moved = new Set(first.content.moves.map(({ guest }) => guest));
    const tagged = (await kappa4.guests.list()).find(
      ({ id, tags }) => moved.has(id) && tags.length > 0,
    );
    const value = { protected: { tags: tagged?.tags.slice(0, 1) } };
    const note = "the shop earns our living";
    const changed = await kappa4.config.update({ section: "approvals", value, note });
    if (changed.state !== "started") throw new Error("it was to start at once");
    await kappa4.runs.wait({ run: changed.run.id });

    const plan = await as("ana").rebalance.plan({ options });
    expect(plan.content.protectedGuests).toContain(tagged?.id);
    expect(plan).toMatchObject({ risk: 3 });
    expect(plan.hash).not.toBe(first.hash);
    const bare = { ...plan.content, protectedGuests: [] };
    expect(await as("ana").rebalance.adopt({ plan: bare })).toMatchObject({
      risk: 3,
      hash: plan.hash,
    });
    const asked = await as("ana").rebalance.apply({ plan: plan.id, reason: "one node is full" });
    expect(asked).toMatchObject({ approval: { quorum: { approvals: 2, admins: 1 } } });
  });

  it("goes on after its process with what that one began, and makes no move twice", async () => {
    // So many, one after the other, that the process is gone before all are begun.
    const plan = await kappa4.rebalance.plan({ options: { balanciness: 1 } });
    expect(plan.content.moves.length).toBeGreaterThan(7);
    const answer = await kappa4.rebalance.apply({ plan: plan.id, maxParallel: 1 });
    if (answer.state !== "started") throw new Error("it was to start at once");
    while (migrations() === 0) await setImmediate();
    await kappa4.close();
    const begun = migrations();
    expect(begun).toBeLessThan(plan.content.moves.length);

    const next = await lab.reopen();
    await next.start();
    const run = await next.runs.wait({ run: answer.run.id });
    expect(run.state).toBe("succeeded");
    expect(migrations()).toBe(plan.content.moves.length);
    await next.close();
  });
});
