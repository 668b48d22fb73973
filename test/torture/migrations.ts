import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { moveStore, type OpenStoreOptions, openStore } from "../../packages/sdk/src/store/index.ts";
import { MIGRATIONS, migrateDown } from "../../packages/sdk/src/store/migrations/index.ts";
import { openDatabase } from "../../packages/sdk/src/store/open.ts";
import { prepare } from "../../packages/sdk/src/store/prepare.ts";
import { untyped } from "../../packages/sdk/src/store/transaction.ts";
import { fromSnapshot } from "../../packages/sdk/src/store/transfer/move.ts";
import { digestOf } from "../../packages/sdk/src/store/transfer/rows.ts";
import { describeSchema } from "../../packages/sdk/test/store/support/describe-schema.ts";
import { fillStore } from "../../packages/sdk/test/store/support/fill.ts";
import { scratchDatabase } from "../../packages/sdk/test/store/support/scratch-database.ts";
import type { TortureOptions } from "./main.ts";
import { type Started, startAtOnce } from "./migrations/start-at-once.ts";
import { printTable } from "./tally.ts";

type Tally = TortureOptions["tally"];
type Row = readonly unknown[];
/** Makes an empty place for a store. */
type Place = () => Promise<{ options: OpenStoreOptions; remove(): Promise<void> | void }>;

const PROCESSES = 4;
const ALL = Object.keys(MIGRATIONS);

/** Programs that start at once, migrations there and back, and a filled store on its way to another database. */
export async function run({ seed, rounds = 5, database, tally }: TortureOptions): Promise<void> {
  const folder: Place = async () => {
    const path = mkdtempSync(join(tmpdir(), "kappa4-migrations-"));
    return { options: { path }, remove: () => rmSync(path, { recursive: true, force: true }) };
  };
  const server: Place | undefined =
    database === undefined
      ? undefined
      : async () => {
          const { url, ownerUrl, drop } = await scratchDatabase(database);
          return { options: { url, ownerUrl }, remove: drop };
        };
  const rows: Row[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    rows.push(await atOnce(`${PROCESSES} at once, embedded`, folder, tally));
    if (server) rows.push(await atOnce(`${PROCESSES} at once, server`, server, tally));
  }
  rows.push(await thereAndBack("up, down, up, embedded", folder, tally));
  if (server) rows.push(await thereAndBack("up, down, up, server", server, tally));
  rows.push(await move("embedded to embedded", folder, folder, seed, tally));
  if (server) {
    rows.push(await move("embedded to server", folder, server, seed, tally));
    rows.push(await move("server to server", server, server, seed, tally));
    rows.push(await move("server to embedded", server, folder, seed, tally));
  }
  printTable(["What", "came of it"], rows);
}

async function atOnce(name: string, place: Place, tally: Tally): Promise<Row> {
  const { options, remove } = await place();
  const all = await startAtOnce(PROCESSES, options);
  await remove();
  const applied = all.filter((one) => (one.applied ?? []).length > 0);
  const refused = all.filter((one) => one.refused !== undefined);
  const orgs = new Set(all.flatMap((one) => one.orgs ?? []));
  const isEmbedded = options.url === undefined;
  const expected = isEmbedded ? PROCESSES - 1 : 0;
  tally.check(applied.length === 1, () => `${name}: ${applied.length} applied the migrations`);
  tally.check(
    JSON.stringify(applied[0]?.applied) === JSON.stringify(ALL),
    () => `${name}: ${applied[0]?.applied} were applied`,
  );
  tally.check(refused.every(isNamed), () => `${name}: ${refused.map((one) => one.refused)}`);
  tally.check(refused.length === expected, () => `${name}: ${refused.length} were refused`);
  tally.check(orgs.size === 1, () => `${name}: there are ${orgs.size} first organisations`);
  const went = PROCESSES - refused.length;
  return [name, `${applied.length} applied, ${went} went on, ${refused.length} refused by name`];
}

/** The embedded store is for one process; the others must learn which. */
function isNamed({ refused = "" }: Started): boolean {
  return /is open in starter\.ts \(process \d+ on /.test(refused);
}

async function thereAndBack(name: string, place: Place, tally: Tally): Promise<Row> {
  const { options, remove } = await place();
  const { ownerUrl } = options;
  const database = await openDatabase(options);
  await prepare(database, options);
  const owner = ownerUrl === undefined ? database : await openDatabase({ url: ownerUrl });
  const first = await describeSchema(owner);
  let undone = 0;
  while ((await migrateDown(untyped(owner.db))).length > 0) undone += 1;
  const between = await describeSchema(owner);
  await prepare(database, options);
  const second = await describeSchema(owner);
  if (owner !== database) await owner.close();
  await database.close();
  const store = await openStore(options);
  const { findings } = await store.check();
  await store.close();
  await remove();
  tally.check(undone === ALL.length, () => `${name}: ${undone} were taken back`);
  tally.check(first.length > 5000, () => `${name}: nothing was made`);
  tally.check(between === "", () => `${name}: this was left: ${between}`);
  tally.check(second === first, () => `${name}: the second time something else was made`);
  tally.check(findings.length === 0, () => `${name}: ${findings.map(({ message }) => message)}`);
  return [name, `${first.split("\n").length} objects made, none left, the same made again`];
}

async function move(
  name: string,
  from: Place,
  to: Place,
  seed: number,
  tally: Tally,
): Promise<Row> {
  const [source, target] = [await from(), await to()];
  const store = await openStore(source.options);
  await fillStore(store, seed, 400);
  await store.close();
  const moved = await moveStore(source.options, target.options);
  const [before, after] = [await digests(source.options), await digests(target.options)];
  const again = await moveStore(source.options, target.options).then(
    () => "done",
    (error: unknown) => String(error),
  );
  await source.remove();
  await target.remove();
  for (const [table, digest] of Object.entries(before)) {
    tally.check(after[table] === digest, () => `${name}: ${table} is another`);
  }
  tally.check(/not empty/.test(again), () => `${name}: a second move was ${again}`);
  const rows = Object.values(moved).reduce((sum, count) => sum + count, 0);
  tally.check(rows > 5000, () => `${name}: only ${rows} rows were moved`);
  return [
    name,
    `${rows} rows of ${Object.keys(moved).length} tables, each the same; twice refused`,
  ];
}

async function digests(options: OpenStoreOptions): Promise<Readonly<Record<string, string>>> {
  const database = await openDatabase(options);
  try {
    return await fromSnapshot(database, async (db, tables) => {
      const all: Record<string, string> = {};
      for (const table of tables) {
        const { rows, sha256 } = await digestOf(db, table);
        all[table.name] = `${rows} ${sha256}`;
      }
      return all;
    });
  } finally {
    await database.close();
  }
}
