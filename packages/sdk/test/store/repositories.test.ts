import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Id, newId } from "../../src/ids.ts";
import type { OrgTransaction, StoredGrant } from "../../src/store/index.ts";
import { type FreshStore, freshStore, IS_ON_SERVER } from "./support/fresh-store.ts";
import { entry, event, NOW, plan, seedOrg, user } from "./support/rows.ts";

let fresh: FreshStore;
let org: Id<"org">;
beforeAll(async () => {
  fresh = await freshStore();
  org = await seedOrg(fresh.store, "rows");
});
afterAll(() => fresh[Symbol.asyncDispose]());

function work<T>(of: (tx: OrgTransaction) => Promise<T>): Promise<T> {
  return fresh.store.inOrg(org, of);
}

describe("what is stored comes back as it was", () => {
  it("people", async () => {
    const ada = user("ada@example.com");
    await work((tx) => tx.users.insert(ada));
    expect(await work((tx) => tx.users.find(ada.id))).toEqual(ada);
    expect(await work((tx) => tx.users.findByEmail("Ada@Example.com"))).toEqual(ada);
    const later = new Date("2026-02-01T00:00:00Z");
    expect(await work((tx) => tx.users.update(ada.id, { status: "disabled" }, later))).toBe(true);
    const changed = { ...ada, status: "disabled", updatedAt: later };
    expect(await work((tx) => tx.users.list())).toEqual([changed]);
    expect(await work((tx) => tx.users.update(newId("usr"), { name: "x" }, later))).toBe(false);
  });

  it("grants", async () => {
    const grant: StoredGrant = {
      id: newId("grt"),
      principalKind: "user",
      principal: newId("usr"),
      role: "operator",
      scope: "org",
      expiresAt: null,
      source: "manual",
      createdBy: "local",
      createdAt: NOW,
    };
    await work((tx) => tx.grants.insert(grant));
    expect(await work((tx) => tx.grants.find(grant.id))).toEqual(grant);
    expect(await work((tx) => tx.grants.list(grant))).toEqual([grant]);
    expect(await work((tx) => tx.grants.list({ ...grant, principal: "x" }))).toEqual([]);
    expect(await work((tx) => tx.grants.delete(grant.id))).toBe(true);
    expect(await work((tx) => tx.grants.list())).toEqual([]);
  });

  it("chat accounts, which one person takes over from another", async () => {
    const [one, other] = [user("one@example.com"), user("other@example.com")];
    const address = { platform: "slack", workspace: "T1", account: "U1" };
    const link = { ...address, userId: one.id, method: "email", linkedAt: NOW };
    await work(async (tx) => {
      await tx.users.insert(one);
      await tx.users.insert(other);
      await tx.chatAccounts.put(link);
    });
    expect(await work((tx) => tx.chatAccounts.find(address))).toEqual(link);
    const moved = { ...link, userId: other.id, method: "code" };
    await work((tx) => tx.chatAccounts.put(moved));
    expect(await work((tx) => tx.chatAccounts.list(other.id))).toEqual([moved]);
    expect(await work((tx) => tx.chatAccounts.list(one.id))).toEqual([]);
    expect(await work((tx) => tx.chatAccounts.delete(address))).toBe(true);
    expect(await work((tx) => tx.chatAccounts.find(address))).toBeUndefined();
  });

  it("plans, whose state changes only from what it was thought to be", async () => {
    const draft = plan("P-0001", { content: { moves: [{ guest: "vm:100", camelCase: 1 }] } });
    await work((tx) => tx.plans.insert(draft));
    expect(await work((tx) => tx.plans.find(draft.id))).toEqual(draft);
    expect(await work((tx) => tx.plans.findByShortId("P-0001"))).toEqual(draft);
    expect(await work((tx) => tx.plans.lock(draft.id))).toEqual(draft);
    expect(await work((tx) => tx.plans.list({ connections: ["lab"] }))).toEqual([draft]);
    expect(await work((tx) => tx.plans.move(draft.id, "draft", "consumed"))).toBe(true);
    expect(await work((tx) => tx.plans.move(draft.id, "draft", "consumed"))).toBe(false);
    expect(await work((tx) => tx.plans.list({ state: "draft" }))).toEqual([]);
  });

  it("documents, revision after revision", async () => {
    const first = { scope: "org", key: "policy", value: ["a", { B: 1 }], by: "local", at: NOW };
    expect(await work((tx) => tx.documents.put({ ...first, after: 0 }))).toBe(1);
    expect(await work((tx) => tx.documents.put({ ...first, value: null, note: "emptied" }))).toBe(
      2,
    );
    const stale = work((tx) => tx.documents.put({ ...first, after: 1 }));
    await expect(stale).rejects.toMatchObject({ code: "conflict" });
    expect(await work((tx) => tx.documents.find("org", "policy", 1))).toEqual({
      scope: "org",
      key: "policy",
      revision: 1,
      value: ["a", { B: 1 }],
      note: null,
      by: "local",
      at: NOW,
    });
    const history = await work((tx) => tx.documents.history("org", "policy"));
    expect(history.map(({ revision }) => revision)).toEqual([2, 1]);
    expect(await work((tx) => tx.documents.find("org", "nothing"))).toBeUndefined();
  });

  it("audit entries, which nobody changes or removes", async () => {
    const first = entry({ action: "rebalance.apply", nested: { Kept: true } });
    await work((tx) => tx.audit.append(first));
    await work((tx) => tx.audit.append(entry({ action: "users.update" })));
    const unsealed = { ...first, seq: null, prevHash: null, hash: null };
    const having = { action: "rebalance.apply" };
    expect(await work((tx) => tx.audit.list({ having }))).toEqual([unsealed]);
    expect(await work((tx) => tx.audit.list())).toHaveLength(2);
    const forged = work((tx) => tx.db.updateTable("audit").set({ body: "{}" }).execute());
    await expect(forged).rejects.toMatchObject({
      code: "permission",
      cause: { code: "42501" },
    });
    const removed = work((tx) => tx.db.deleteFrom("audit").execute());
    await expect(removed).rejects.toMatchObject({
      code: "permission",
      cause: { code: "42501" },
    });
  });
});

describe("the inbox", () => {
  const times = { now: NOW, expiresAt: new Date(NOW.getTime() + 86_400_000) };

  it("answers a request that comes again as it was answered", async () => {
    expect(await work((tx) => tx.requests.begin("r1", "h", times))).toBeUndefined();
    await work((tx) => tx.requests.answer("r1", { run: "run_1" }));
    const known = await work((tx) => tx.requests.begin("r1", "other", times));
    expect(known).toEqual({ hash: "h", answer: { run: "run_1" } });
  });

  it("takes one in anew that was never answered", async () => {
    expect(await work((tx) => tx.requests.begin("r3", "h", times))).toBeUndefined();
    expect(await work((tx) => tx.requests.begin("r3", "other", times))).toBeUndefined();
    await work((tx) => tx.requests.answer("r3", null));
    const known = await work((tx) => tx.requests.begin("r3", "h", times));
    expect(known).toEqual({ hash: "other", answer: null });
  });

  it("forgets after a day", async () => {
    await work((tx) => tx.requests.begin("r2", "h", times));
    await work((tx) => tx.requests.answer("r2", "done"));
    const later = { now: times.expiresAt, expiresAt: new Date("2026-03-01T00:00:00Z") };
    expect(await work((tx) => tx.requests.begin("r2", "h2", later))).toBeUndefined();
    expect(await work((tx) => tx.requests.sweep(times.expiresAt))).toBe(2);
  });
});

describe("events", () => {
  it("are counted, filtered, and stored once", async () => {
    const started = event("run.started", { dedupeKey: "run_1", subject: "run_1" });
    expect(await work((tx) => tx.events.insert(started))).toBe(true);
    const twin = { ...started, id: newId("evt") };
    expect(await work((tx) => tx.events.insert(twin))).toBe(false);
    await work((tx) => tx.events.insert(event("run.finished", { severity: "error" })));
    expect(await work((tx) => tx.events.find(started.id))).toEqual(started);
    expect(await work((tx) => tx.events.list({ subject: "run_1" }))).toEqual([started]);
    const counts = await work((tx) => tx.events.count());
    expect(counts).toEqual({ "run.started": 1, "run.finished": 1 });
    expect(await work((tx) => tx.events.count({ severities: ["error"] }))).toEqual({
      "run.finished": 1,
    });
  });

  it("are found by their words, by the organisation that they belong to alone", async () => {
    const [one, other] = [await seedOrg(fresh.store, "finds"), await seedOrg(fresh.store, "hides")];
    const moved = event("guest.migrated", {
      id: newId("evt", 1),
      summary: "Guest web-01 moved from pve1 to pve2.",
    });
    const failed = event("run.failed", {
      id: newId("evt", 2),
      summary: "Guest web-01 stayed: pve2 was full.",
    });
    await fresh.store.inOrg(one, async ({ events }) => {
      await events.insert(moved);
      await events.insert(failed);
    });
    const find = (org: Id<"org">, words: string, limit?: number) =>
      fresh.store.inOrg(org, (tx) => tx.events.search(words, { limit }));
    expect(await find(one, "web-01")).toEqual([failed, moved]);
    expect(await find(one, "web-01", 1)).toEqual([failed]);
    expect(await find(one, '"moved from" -failed')).toEqual([moved]);
    expect(await find(one, "nobody")).toEqual([]);
    expect(await find(other, "web-01")).toEqual([]);
  });

  it("are followed from a place, each once", async () => {
    const other = await seedOrg(fresh.store, "followed");
    const follow = <T>(of: (tx: OrgTransaction) => Promise<T>) => fresh.store.inOrg(other, of);
    const from = await follow((tx) => tx.events.cursor());
    const told = [event("a"), event("b"), event("c")];
    for (const one of told) await follow((tx) => tx.events.insert(one));
    await toldIs(other, from, ["a", "b", "c"]);
    const first = await follow((tx) => tx.events.after(from, 2));
    const second = await follow((tx) => tx.events.after(first.cursor));
    const types = [...first.events, ...second.events].map(({ type }) => type);
    expect(types).toEqual(["a", "b", "c"]);
    expect((await follow((tx) => tx.events.after(second.cursor))).events).toEqual([]);
  });

  it("are not told before the transaction is over that wrote them", async () => {
    const other = await seedOrg(fresh.store, "unfinished");
    const follow = <T>(of: (tx: OrgTransaction) => Promise<T>) => fresh.store.inOrg(other, of);
    const from = await follow((tx) => tx.events.cursor());
    await follow(async (tx) => {
      await tx.events.insert(event("a"));
      expect((await tx.events.after(from)).events).toEqual([]);
      expect(Number.parseInt(await tx.events.cursor(), 10)).toBeLessThan(
        Number(await numberOf(tx)),
      );
      await tx.events.insert(event("b"));
    });
    await toldIs(other, from, ["a", "b"]);
  });

  // The embedded store has one transaction at a time.
  it.runIf(IS_ON_SERVER)("that an older transaction adds late are told all the same", async () => {
    const other = await seedOrg(fresh.store, "late");
    const follow = <T>(of: (tx: OrgTransaction) => Promise<T>) => fresh.store.inOrg(other, of);
    const from = await follow((tx) => tx.events.cursor());
    await follow(async (older) => {
      const number = await numberOf(older);
      await follow((tx) => tx.events.insert(event("younger")));
      const { events, cursor } = await follow((tx) => tx.events.after(from));
      expect({ events, cursor }).toEqual({ events: [], cursor: from });
      const now = await follow((tx) => tx.events.cursor());
      expect(Number.parseInt(now, 10)).toBeLessThan(Number(number));
      await older.events.insert(event("older"));
    });
    await toldIs(other, from, ["older", "younger"]);
  });

  it.runIf(IS_ON_SERVER)("wait for no transaction of another database of the server", async () => {
    const own = await seedOrg(fresh.store, "apart");
    const from = await fresh.store.inOrg(own, (tx) => tx.events.cursor());
    await using foreign = await freshStore();
    await foreign.store.inOrg(foreign.store.defaultOrg, async (tx) => {
      await tx.events.insert(event("elsewhere"));
      await fresh.store.inOrg(own, ({ events }) => events.insert(event("here")));
      await toldIs(own, from, ["here"]);
    });
  });
});

/** The number of a transaction, which it has from its first change on: it is made to have one. */
async function numberOf({ db }: OrgTransaction): Promise<string> {
  const { rows } = await sql<{ own: string }>`select pg_current_xact_id()::text as own`.execute(db);
  return rows[0]?.own ?? "";
}

/** Something else that the server does may hold the horizon back for a moment. */
async function toldIs(of: Id<"org">, from: string, types: readonly string[]): Promise<void> {
  await vi.waitFor(async () => {
    const { events } = await fresh.store.inOrg(of, (tx) => tx.events.after(from));
    expect(events.map(({ type }) => type)).toEqual(types);
  }, 5000);
}
