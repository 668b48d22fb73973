import { fromKysely, PgBoss } from "pg-boss";
import { type Id, newId } from "../../../src/ids.ts";
import type { OrgTransaction, Store } from "../../../src/store/index.ts";
import { Dice } from "../../balancing/dice.ts";
import { entry, event, NOW, plan, seedOrg, user } from "./rows.ts";

/** Texts that a careless copy changes. */
const TEXTS = [
  "plain",
  "",
  "NULL",
  'quo"tes and \\back\\slashes',
  "new\nlines\r\n\ttabs",
  '{curly,"array"}',
  "(paren), 'single'",
  "ünïcödé 漢字 🦊",
  "\u200bzero width",
  "x".repeat(5000),
];

/** Fills a store with rows of several organisations, the same from the same seed but for their ids. */
export async function fillStore(store: Store, seed: number, rowsPerOrg = 40): Promise<void> {
  const dice = new Dice(seed);
  const orgs = [store.defaultOrg, await seedOrg(store, "second"), await seedOrg(store, "third")];
  const boss = new PgBoss({ db: store.queue, migrate: false, supervise: false, schedule: false });
  await boss.start();
  await boss.createQueue("runs");
  await boss.fetch("runs");
  for (const org of orgs) {
    await store.inOrg(org, async (tx) => {
      const people = await addPeople(tx, dice);
      for (let row = 0; row < rowsPerOrg; row += 1) await addRow(tx, dice, row, people);
      await boss.send("runs", { org, text: dice.pick(TEXTS) }, { db: fromKysely(tx.db) });
    });
  }
  await boss.stop({ graceful: false });
}

async function addPeople(tx: OrgTransaction, dice: Dice): Promise<readonly Id<"usr">[]> {
  const people = TEXTS.map((name, at) => user(`person${at}@example.com`, { name }));
  for (const one of people) {
    await tx.users.insert(one);
    const account = `U${one.email}`;
    const link = { platform: "slack", workspace: "T1", account, method: "email", linkedAt: NOW };
    if (dice.chance(0.5)) await tx.chatAccounts.put({ ...link, userId: one.id });
  }
  return people.map(({ id }) => id);
}

async function addRow(
  tx: OrgTransaction,
  dice: Dice,
  row: number,
  people: readonly Id<"usr">[],
): Promise<void> {
  const text = dice.pick(TEXTS);
  const value = { text, list: [row, null, text], nested: { [`key ${row}`]: dice.next() } };
  await tx.audit.append(entry({ row, value }));
  const happened = event("filled", { summary: text, data: value, subject: text || null });
  await tx.events.insert(happened);
  await tx.deliveries.claim([happened.id], text, { now: NOW, until: NOW });
  await tx.plans.insert(
    plan(`P-${row}`, { input: value, content: [value], facts: text, risk: row % 5 }),
  );
  await tx.documents.put({ scope: "org", key: `key-${row % 7}`, value, by: "local", at: NOW });
  await tx.requests.begin(`request ${row}`, text, { now: NOW, expiresAt: NOW });
  if (dice.chance(0.5)) await tx.requests.answer(`request ${row}`, value);
  await tx.grants.insert({
    id: newId("grt"),
    principalKind: "user",
    principal: dice.pick(people),
    role: `role-${row}`,
    scope: "org",
    expiresAt: dice.chance(0.5) ? NOW : null,
    source: "manual",
    createdBy: "local",
    createdAt: NOW,
  });
}
