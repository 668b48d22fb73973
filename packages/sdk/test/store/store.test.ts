import { sql } from "kysely";
import { fromKysely, PgBoss } from "pg-boss";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "../../src/ids.ts";
import { openStore } from "../../src/store/index.ts";
import { type FreshStore, freshStore, IS_ON_SERVER } from "./support/fresh-store.ts";
import { seedOrg, user } from "./support/rows.ts";

let fresh: FreshStore;
beforeAll(async () => {
  fresh = await freshStore();
});
afterAll(() => fresh[Symbol.asyncDispose]());

describe("the store", () => {
  it("has one organisation from the start, and keeps it", async () => {
    const { store } = fresh;
    const orgs = await store.platform((tx) => tx.orgs.list());
    expect(orgs).toMatchObject([{ id: store.defaultOrg, slug: "default", status: "active" }]);
  });

  it("shows each organisation its own rows, and to none those of all", async () => {
    const { store } = fresh;
    const [one, other] = [await seedOrg(store, "one"), await seedOrg(store, "other")];
    await store.inOrg(one, (tx) => tx.users.insert(user("ada@example.com")));
    await store.inOrg(other, (tx) => tx.users.insert(user("ada@example.com")));
    const emails = (org: typeof one) =>
      store.inOrg(org, async (tx) => (await tx.users.list()).map(({ email }) => email));
    expect(await emails(one)).toEqual(["ada@example.com"]);
    expect(await emails(other)).toEqual(["ada@example.com"]);
    expect(await emails(newId("org"))).toEqual([]);
    const count = (tx: { db: Parameters<Parameters<typeof store.inOrg>[1]>[0]["db"] }) =>
      tx.db.selectFrom("users").select("email").execute();
    expect(await store.inOrg(one, count)).toHaveLength(1);
    expect(await store.platform(count)).toHaveLength(2);
  });

  it("does not let a row be written for another organisation", async () => {
    const { store } = fresh;
    const [mine, theirs] = [await seedOrg(store, "mine"), await seedOrg(store, "theirs")];
    const { toUuid } = await import("../../src/ids.ts");
    const { id, ...rest } = user("eve@example.com");
    const row = { ...rest, id: toUuid(id), orgId: toUuid(theirs) };
    const smuggled = store.inOrg(mine, (tx) => tx.db.insertInto("users").values(row).execute());
    await expect(smuggled).rejects.toMatchObject({
      code: "permission",
      cause: { code: "42501" },
    });
  });

  it("has words of its own for what its database throws, and leaves what its caller throws", async () => {
    const { store } = fresh;
    const wrong = store.inOrg(store.defaultOrg, ({ db }) => sql`select 1 / 0`.execute(db));
    await expect(wrong).rejects.toMatchObject({ code: "internal", cause: { code: "22012" } });
    const away = Object.assign(new Error("another system is away"), { code: "ECONNREFUSED" });
    const others = store.inOrg(store.defaultOrg, async () => Promise.reject(away));
    await expect(others).rejects.toBe(away);
    const all = store.platform(async () => Promise.reject(away));
    await expect(all).rejects.toBe(away);
  });

  it("undoes everything of a transaction that fails", async () => {
    const { store } = fresh;
    const org = await seedOrg(store, "undone");
    const failed = store.inOrg(org, async (tx) => {
      await tx.users.insert(user("gone@example.com"));
      throw new Error("no");
    });
    await expect(failed).rejects.toThrow("no");
    expect(await store.inOrg(org, (tx) => tx.users.list())).toEqual([]);
  });

  it("lets a server end what stands still within a transaction, before the lease of a run is over", async () => {
    const { store } = fresh;
    const { rows } = await store.inOrg(store.defaultOrg, ({ db }) =>
      sql<{
        limit: string;
      }>`select current_setting('idle_in_transaction_session_timeout') as "limit"`.execute(db),
    );
    expect(rows).toEqual([{ limit: IS_ON_SERVER ? "6s" : "0" }]);
  });

  it("keeps its rows when it is closed and opened again", async () => {
    await using own = await freshStore();
    const org = own.store.defaultOrg;
    await own.store.inOrg(org, (tx) => tx.users.insert(user("kept@example.com")));
    await own.store.close();
    const again = await openStore(own.options);
    const users = await again.inOrg(org, (tx) => tx.users.list());
    await again.close();
    expect(users).toMatchObject([{ email: "kept@example.com" }]);
  });

  it("tells of what is listened to", async () => {
    const { store } = fresh;
    const heard = Promise.withResolvers<string>();
    const listener = await store.queue.listen("kappa4_test", heard.resolve, () => {});
    await store.inOrg(store.defaultOrg, (tx) =>
      sql`select pg_notify('kappa4_test', 'hello')`.execute(tx.db),
    );
    expect(await heard.promise).toBe("hello");
    await listener.close();
  });

  it("takes a job into the queue in an organisation's transaction, and shows none of it", async () => {
    const { store } = fresh;
    const boss = new PgBoss({
      db: store.queue,
      migrate: false,
      supervise: false,
      schedule: false,
    });
    await boss.start();
    await boss.createQueue("test");
    await boss.fetch("test");
    const id = await store.inOrg(store.defaultOrg, (tx) =>
      boss.send("test", { run: "run_1" }, { db: fromKysely(tx.db) }),
    );
    expect(await boss.fetch("test")).toMatchObject([{ id, data: { run: "run_1" } }]);
    const peeking = store.inOrg(store.defaultOrg, (tx) =>
      sql`select data from pgboss.job_common`.execute(tx.db),
    );
    await expect(peeking).rejects.toMatchObject({
      code: "permission",
      cause: { code: "42501" },
    });
    await boss.stop({ graceful: false });
  });
});
