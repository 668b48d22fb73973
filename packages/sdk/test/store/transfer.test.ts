import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  backUpStore,
  checkStore,
  migrateStore,
  moveStore,
  type OpenStoreOptions,
  openStore,
  restoreStore,
} from "../../src/store/index.ts";
import { openDatabase } from "../../src/store/open.ts";
import { fromSnapshot } from "../../src/store/transfer/move.ts";
import { type Digest, digestOf } from "../../src/store/transfer/rows.ts";
import { fillStore } from "./support/fill.ts";
import { type ClosedStore, closedStore } from "./support/fresh-store.ts";
import { event } from "./support/rows.ts";

let folder: string;
let source: ClosedStore;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "kappa4-transfer-"));
  source = await closedStore();
  const store = await openStore(source.options);
  await fillStore(store, 1);
  await store.close();
});
afterAll(async () => {
  await source.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** What stands for every table of a store. */
async function digests(options: OpenStoreOptions): Promise<Readonly<Record<string, Digest>>> {
  const database = await openDatabase(options);
  try {
    return await fromSnapshot(database, async (db, tables) => {
      const all: Record<string, Digest> = {};
      for (const table of tables) all[table.name] = await digestOf(db, table);
      return all;
    });
  } finally {
    await database.close();
  }
}

describe("a backup", () => {
  it("fills another store with the same rows", async () => {
    const file = join(folder, "store.backup");
    const told: string[] = [];
    const onProgress = (sentence: string): unknown => told.push(sentence);
    const saved = await backUpStore(file, { ...source.options, onProgress });
    expect(saved).toMatchObject({
      orgs: 3,
      users: 30,
      plans: 120,
      audit: 120,
      events: 120,
      job: 3,
    });
    expect(told).toContain("plans: 120 rows");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((name) => name.endsWith(".partial"))).toEqual([]);

    const target = await closedStore();
    expect(await restoreStore(file, target.options)).toEqual(saved);
    expect(await digests(target.options)).toEqual(await digests(source.options));
    await target.remove();
  });

  it("that is not whole restores nothing", async () => {
    const file = join(folder, "cut.backup");
    await backUpStore(file, source.options);
    writeFileSync(file, readFileSync(file).subarray(0, -200));
    const target = await closedStore();
    const restored = restoreStore(file, target.options);
    await expect(restored).rejects.toMatchObject({ code: "invalid_argument" });
    const rows = Object.values(await digests(target.options)).map((digest) => digest.rows);
    expect(rows.reduce((sum, count) => sum + count)).toBeLessThan(2);
    await target.remove();
  });
});

describe("a move", () => {
  it("takes every row to another store, which goes on with them", async () => {
    const target = await closedStore();
    const moved = await moveStore(source.options, target.options);
    expect(moved).toMatchObject({ orgs: 3, plans: 120, queue: 1, job: 3 });
    expect(await digests(target.options)).toEqual(await digests(source.options));

    const store = await openStore(target.options);
    expect((await store.check()).findings).toEqual([]);
    const cursor = await store.inOrg(store.defaultOrg, (tx) => tx.events.cursor());
    const added = event("after the move");
    await store.inOrg(store.defaultOrg, (tx) => tx.events.insert(added));
    await expect
      .poll(() => store.inOrg(store.defaultOrg, (tx) => tx.events.after(cursor)), {
        timeout: 30_000,
      })
      .toMatchObject({ events: [added] });
    await store.close();
    await target.remove();
  });

  it("is refused by a store that has rows, and leaves them alone", async () => {
    const target = await closedStore();
    const store = await openStore(target.options);
    await store.inOrg(store.defaultOrg, (tx) => tx.events.insert(event("mine")));
    await store.close();
    const before = await digests(target.options);
    const moved = moveStore(source.options, target.options);
    await expect(moved).rejects.toMatchObject({ code: "failed_precondition" });
    expect(await digests(target.options)).toEqual(before);
    await target.remove();
  });
});

describe("a store that was never used", () => {
  it("is filled once: what came from elsewhere is not replaced, and neither is what was renamed", async () => {
    const [unused, other, target] = [await closedStore(), await closedStore(), await closedStore()];
    const file = join(folder, "unused.backup");
    await backUpStore(file, other.options);
    expect(await moveStore(unused.options, target.options)).toEqual({ orgs: 1 });
    const before = await digests(target.options);
    const refused = {
      code: "failed_precondition",
      message: expect.stringContaining("orgs has rows"),
    };
    const again = moveStore(other.options, target.options);
    await expect(again).rejects.toMatchObject(refused);
    const restored = restoreStore(file, target.options);
    await expect(restored).rejects.toMatchObject(refused);
    expect(await digests(target.options)).toEqual(before);

    const store = await openStore(other.options);
    await store.platform(({ db }) => sql`update kappa4.orgs set name = 'Ours'`.execute(db));
    await store.close();
    const over = restoreStore(file, other.options);
    await expect(over).rejects.toMatchObject(refused);
    for (const made of [unused, other, target]) await made.remove();
  });
});

describe("what reads a store", () => {
  it("makes none where there is none", async () => {
    const path = join(folder, "none");
    const file = join(folder, "none.backup");
    const refusals = [
      checkStore({ path }),
      backUpStore(file, { path }),
      moveStore({ path }, source.options),
    ];
    for (const refused of refusals) {
      await expect(refused).rejects.toMatchObject({ code: "not_found" });
    }
    expect([existsSync(path), existsSync(file)]).toEqual([false, false]);
  });
});

describe("migrations", () => {
  it("are applied once", async () => {
    expect(await migrateStore(source.options)).toEqual([]);
  });
});
