import { resolve } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Care } from "../../src/store/embedded/care.ts";
import { type EmbeddedDatabase, openEmbedded } from "../../src/store/embedded/database.ts";
import { openStore } from "../../src/store/index.ts";
import {
  type ClosedStore,
  closedFolder,
  type FreshStore,
  freshEmbedded,
} from "./support/fresh-store.ts";
import { NOW } from "./support/rows.ts";

describe("the embedded store", () => {
  let fresh: FreshStore;
  beforeAll(async () => {
    fresh = await freshEmbedded();
  });
  afterAll(() => fresh[Symbol.asyncDispose]());

  it("says so when a transaction would wait for itself", async () => {
    const { store } = fresh;
    const nested = store.inOrg(store.defaultOrg, () => store.platform((tx) => tx.orgs.list()));
    await expect(nested).rejects.toThrow("Inside a transaction of the embedded store");
    const queued = store.platform(() => store.queue.executeSql("select 1"));
    await expect(queued).rejects.toThrow("Inside a transaction of the embedded store");
  });

  it("is refused to a second opener, who learns who has it", async () => {
    const refused = openStore(fresh.options);
    await expect(refused).rejects.toMatchObject({ code: "conflict" });
    await expect(refused).rejects.toThrow(`process ${process.pid} on`);
  });

  it("lets what is under way come to its end before it closes", async () => {
    await using own = await freshEmbedded();
    const { store } = own;
    const writing = store.platform(async ({ orgs }) => {
      const [first] = await orgs.list();
      if (first !== undefined) await orgs.setStatus(first.id, "suspended");
    });
    await Promise.all([writing, store.close()]);
    const again = await openStore(own.options);
    expect(await again.platform((tx) => tx.orgs.list())).toMatchObject([{ status: "suspended" }]);
    await again.close();
  });

  it("goes on after a statement of several that failed halfway", async () => {
    const { queue } = fresh.store;
    const failed = queue.executeSql("begin; select 1; select no_such_column; commit");
    await expect(failed).rejects.toMatchObject({ code: "42703" });
    expect((await queue.executeSql("select 2 as two")).rows).toEqual([{ two: 2 }]);
  });
});

describe("the embedded database", () => {
  let closed: ClosedStore;
  let database: EmbeddedDatabase;
  beforeAll(async () => {
    closed = await closedFolder();
    database = await openEmbedded(resolve(closed.options.path ?? ""), { now: NOW });
    await sql`create table public.load (id int primary key, text text)`.execute(database.db);
  });
  afterAll(async () => {
    await database.close();
    await closed.remove();
  });

  it("syncs a file for each commit", async () => {
    const before = await database.syncs();
    for (let id = 0; id < 200; id += 1) {
      await database.db
        .transaction()
        .execute((trx) => sql`insert into public.load values (${id}, 'x')`.execute(trx));
    }
    expect((await database.syncs()) - before).toBeGreaterThanOrEqual(200);
  });

  it("syncs nothing for what only reads", async () => {
    await sql`checkpoint`.execute(database.db);
    const before = await database.syncs();
    for (let round = 0; round < 20; round += 1) {
      await sql`select count(*) from public.load`.execute(database.db);
    }
    expect(await database.syncs()).toBe(before);
  });

  it("is looked after: a long log is written through, and dead rows are taken away", async () => {
    // By itself it looks every 15 s, and a busy machine may be as slow as that.
    database.care.stop();
    await sql`checkpoint`.execute(database.db);
    expect(await database.care.round()).toEqual({ isCheckpointed: false, vacuumed: [] });
    await sql`insert into public.load select g, repeat('x', 200) from generate_series(1000, 300000) g`.execute(
      database.db,
    );
    await sql`delete from public.load where id between 1000 and 200000`.execute(database.db);
    expect(await database.care.round()).toEqual({
      isCheckpointed: true,
      vacuumed: ["public.load"],
    });
    expect(await database.care.round()).toEqual({ isCheckpointed: false, vacuumed: [] });
  });

  it("writes a short log through after some minutes", async () => {
    let now = 0;
    const send = async (statement: string) => sql.raw<object>(statement).execute(database.db);
    const care = new Care(send, () => now);
    await sql`insert into public.load values (-1, 'x')`.execute(database.db);
    expect(await care.round()).toMatchObject({ isCheckpointed: false });
    now = 6 * 60_000;
    expect(await care.round()).toMatchObject({ isCheckpointed: true });
    expect(await care.round()).toMatchObject({ isCheckpointed: false });
  });

  it("shows none of PostgreSQL's settings that would freeze or do nothing", async () => {
    const { rows } = await sql<{
      name: string;
      setting: string;
    }>`select name, setting from pg_settings
      where name in ('fsync', 'wal_sync_method', 'statement_timeout', 'idle_in_transaction_session_timeout')
      order by name`.execute(database.db);
    expect(rows.map(({ setting }) => setting)).toEqual(["on", "0", "0", "fsync"]);
  });
});
