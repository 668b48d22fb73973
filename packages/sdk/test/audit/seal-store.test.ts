import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  checkpointStore,
  EPOCH_ACTION,
  entryText,
  exportStore,
  sealOrg,
  sealStore,
} from "../../src/audit/index.ts";
import { systemClock } from "../../src/clock.ts";
import { coreChores } from "../../src/core-chores.ts";
import { type Id, newId } from "../../src/ids.ts";
import { createKappa4 } from "../../src/index.ts";
import { type FreshStore, freshStore, IS_ON_SERVER } from "../store/support/fresh-store.ts";
import { NOW, seedOrg } from "../store/support/rows.ts";
import { entry, signer, verifyLines } from "./record.ts";

let fresh: FreshStore;
let org: Id<"org">;
beforeAll(async () => {
  fresh = await freshStore();
});
afterAll(() => fresh[Symbol.asyncDispose]());

let count = 0;

async function append(to: Id<"org">, action = "rebalance.apply", details = {}): Promise<void> {
  count += 1;
  const id = newId("aud");
  const body = entryText(entry(count, { id, org: to, action, details }));
  await fresh.store.inOrg(to, (tx) => tx.audit.append({ id, at: NOW, body }));
}

async function exportOf(of: Id<"org">): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of await exportStore(fresh.store, of)) lines.push(line);
  return lines;
}

const HOUR = 60 * 60 * 1000;
const NOBODY = { type: "token", token: "nobody@pve!none=11111111-2222-4333-8444-555555555555" };
/** What chores do besides, and these tests do not ask for. */
const REST = {
  queue: { mend: async () => 0 },
  worker: { lookAfterAbandoned: async () => {} },
  attend: async () => undefined,
};
const keys = [signer.verifierKey];

describe("the store's record", () => {
  test("is sealed in batches, each organisation for itself, and verifies", async () => {
    org = await seedOrg(fresh.store, "one");
    const other = await seedOrg(fresh.store, "two");
    for (let index = 0; index < 25; index += 1) await append(index % 5 === 0 ? other : org);
    expect(await sealStore(fresh.store, { now: NOW, batch: 7 })).toBe(25);
    expect(await sealStore(fresh.store, { now: NOW })).toBe(0);
    expect(await verifyLines(await exportOf(org))).toMatchObject({ isIntact: true, to: 20, org });
    expect(await verifyLines(await exportOf(other))).toMatchObject({ isIntact: true, to: 5 });
  });

  test("goes on where it ended, and takes no entry twice", async () => {
    const before = await exportOf(org);
    await append(org);
    await append(org);
    expect(await sealStore(fresh.store, { now: NOW })).toBe(2);
    const lines = await exportOf(org);
    expect(lines.slice(1, 21)).toEqual(before.slice(1));
    expect(await verifyLines(lines)).toMatchObject({ isIntact: true, rows: 22 });
  });

  test("has one sealer at a time", async () => {
    for (let index = 0; index < 30; index += 1) await append(org);
    const options = { now: NOW, batch: 4 };
    const sealers = Array.from({ length: 4 }, () => sealStore(fresh.store, options));
    const sealed = await Promise.all(sealers);
    const rest = await sealStore(fresh.store, options);
    expect([...sealed, rest].reduce((sum, one) => sum + one, 0)).toBe(30);
    expect(await verifyLines(await exportOf(org))).toMatchObject({ isIntact: true, rows: 52 });
  });

  test("is vouched for by checkpoints, once for each head", async () => {
    expect(await checkpointStore(fresh.store, signer, NOW)).toHaveLength(2);
    expect(await checkpointStore(fresh.store, signer, NOW)).toHaveLength(0);
    await append(org);
    await sealStore(fresh.store, { now: NOW });
    const [note, ...more] = await checkpointStore(fresh.store, signer, NOW);
    expect(more).toEqual([]);
    expect(note).toContain(org);
    const report = await verifyLines(await exportOf(org), { keys });
    expect(report).toMatchObject({ isIntact: true, vouched: 2, vouchedUntil: 53 });
  });

  test("begins a new epoch with an entry that says so", async () => {
    await append(org, EPOCH_ACTION, { epoch: 2, reason: "the disk died" });
    await append(org);
    await sealStore(fresh.store, { now: NOW });
    await checkpointStore(fresh.store, signer, NOW);
    const head = await fresh.store.inOrg(org, (tx) => tx.audit.head());
    expect(head).toMatchObject({ seq: 55, epoch: 2 });
    const report = await verifyLines(await exportOf(org), { keys });
    expect(report).toMatchObject({ isIntact: true, epoch: 2, vouched: 3, vouchedUntil: 55 });
  });

  test("is vouched for every hour where the configuration has a key, and by the log as well", async () => {
    let now = NOW.getTime() + 2 * HOUR;
    const logged: unknown[] = [];
    const ignore = () => {};
    const logger = {
      ...{ debug: ignore, warn: ignore, error: ignore },
      info: (fields: object) => logged.push(fields),
    };
    const clock = { ...systemClock, now: () => now };
    const { store } = fresh;
    const [sign] = coreChores({ store, clock, logger, signer, ...REST });
    const none = coreChores({ store, clock, logger, signer: undefined, ...REST });
    expect(sign?.name).toBe("sign checkpoints");
    expect(none.map(({ name }) => name)).not.toContain("sign checkpoints");
    for (const later of [0, HOUR / 2, HOUR]) {
      now += later;
      await append(org);
      await sealStore(store, { now: new Date(now) });
      await sign?.work();
    }
    const own = logged.filter((fields) => JSON.stringify(fields).includes(org));
    expect(own).toHaveLength(2);
    expect(own[1]).toMatchObject({ verifiedWith: signer.verifierKey });
    const report = await verifyLines(await exportOf(org), { keys });
    expect(report).toMatchObject({ isIntact: true, vouched: 5, vouchedUntil: 58 });
  });

  test("of an organisation without entries is empty", async () => {
    const empty = await seedOrg(fresh.store, "empty");
    expect(await verifyLines(await exportOf(empty))).toMatchObject({ isIntact: true, rows: 0 });
  });

  test("shows what somebody changed past all of Kappa4", async () => {
    const lines = await exportOf(org);
    const report = await verifyLines(
      lines.map((line) => line.replace("gold/vm:100", "gold/vm:101")),
    );
    expect(report.problems[0]).toMatchObject({ seq: 1, kind: "changed" });
  });

  // The embedded store has one transaction at a time.
  test.runIf(IS_ON_SERVER)("waits for an entry that could still come before", async () => {
    const slow = await seedOrg(fresh.store, "slow");
    const id = newId("aud");
    const body = entryText(entry(0, { id, org: slow }));
    await fresh.store.inOrg(slow, async (tx) => {
      await tx.audit.append({ id, at: NOW, body });
      await append(slow);
      expect(await sealStore(fresh.store, { now: NOW })).toBe(0);
      expect(await exportStore(fresh.store, slow)).toMatchObject({ waiting: 1 });
      expect(await verifyLines(await exportOf(slow))).toMatchObject({ isIntact: true, rows: 0 });
    });
    expect(await exportStore(fresh.store, slow)).toMatchObject({ waiting: 2 });
    expect(await sealStore(fresh.store, { now: NOW })).toBe(2);
    expect(await exportStore(fresh.store, slow)).toMatchObject({ waiting: 0 });
    expect(await verifyLines(await exportOf(slow))).toMatchObject({ isIntact: true, rows: 2 });
  });

  test.runIf(IS_ON_SERVER)("that something holds up says who does", async () => {
    const { store } = fresh;
    const org = await seedOrg(store, "held");
    const warned: object[] = [];
    const ignore = () => {};
    const logger = {
      debug: ignore,
      info: ignore,
      error: ignore,
      warn: (fields: object) => {
        warned.push(fields);
      },
    };
    const clock = { ...systemClock, now: () => NOW.getTime() + HOUR };
    const chores = coreChores({ store, clock, logger, signer, ...REST });
    const chore = chores.find(({ name }) => name === "tell what cannot be sealed");
    if (chore === undefined) throw new Error("nobody tells it");
    const tell = () => chore.work();
    await store.inOrg(org, async (tx) => {
      await append(org);
      await tell();
      expect(warned).toEqual([]);
      await tx.audit.append({ id: newId("aud"), at: NOW, body: "{}" });
      await append(org);
      await tell();
    });
    expect(warned).toEqual([
      {
        entries: 1,
        since: NOW,
        holders: [expect.stringMatching(/^process \d+ \(login .+, program kappa4\)$/)],
      },
    ]);
    await tell();
    await sealStore(store, { now: NOW });
    await tell();
    expect(warned).toHaveLength(1);
  });

  test.runIf(IS_ON_SERVER)("waits for nothing in another database of the server", async () => {
    const own = await seedOrg(fresh.store, "apart");
    await using foreign = await freshStore();
    await foreign.store.inOrg(foreign.store.defaultOrg, async (tx) => {
      await tx.audit.append({ id: newId("aud"), at: NOW, body: "{}" });
      await append(own);
      // What ends elsewhere in this very moment may hold it back for that moment.
      await expect.poll(() => sealOrg(fresh.store, own, { now: NOW })).toBe(1);
    });
  });

  test.runIf(IS_ON_SERVER)("that is exported counts what cannot be sealed yet", async () => {
    const lab = { kind: "proxmox", endpoints: ["https://127.0.0.1:1"], auth: NOBODY };
    await using kappa4 = await createKappa4({ connections: { lab }, store: fresh.options });
    const { store } = fresh;
    const linesOf = async (record: AsyncIterable<string>): Promise<string[]> => {
      const lines: string[] = [];
      for await (const line of record) lines.push(line);
      return lines;
    };
    // It is open before the server begins to count how long a transaction stands idle.
    expect(await kappa4.audit.export()).toMatchObject({ waiting: 0 });
    const all = await store.inOrg(store.defaultOrg, async (tx) => {
      await tx.documents.put({ scope: "org", key: "x", value: 1, by: "local", at: NOW, after: 0 });
      await append(store.defaultOrg);
      await append(store.defaultOrg);
      const record = await kappa4.audit.export();
      expect(record.waiting).toBe(2);
      const lines = await linesOf(record);
      expect(await verifyLines(lines)).toMatchObject({ isIntact: true });
      return lines.length + 2;
    });
    const record = await kappa4.audit.export();
    expect(record.waiting).toBe(0);
    // That it was exported before is on record too.
    expect(await linesOf(record)).toHaveLength(all + 1);
  });
});
