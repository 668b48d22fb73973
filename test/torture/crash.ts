import { cpSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore, type Store } from "../../packages/sdk/src/store/index.ts";
import { Dice } from "../../packages/sdk/test/balancing/dice.ts";
import { closedFolder } from "../../packages/sdk/test/store/support/fresh-store.ts";
import { failedSyncs } from "./crash/failed-syncs.ts";
import { discard, losePower } from "./crash/lose-power.ts";
import { startWriting } from "./crash/writing.ts";
import type { TortureOptions } from "./main.ts";
import { printTable } from "./tally.ts";

type Tally = TortureOptions["tally"];

/** The embedded store under SIGKILL, power loss and a disk that fails loses nothing that it said was committed, and lets in one at a time. */
export async function run({ seed, rounds = 100, tally }: TortureOptions): Promise<void> {
  const dice = new Dice(seed);
  const folder = mkdtempSync(join(tmpdir(), "kappa4-crash-"));
  try {
    const rows = [
      await kills(folder, dice, rounds, tally),
      await powerLosses(folder, dice, Math.max(1, Math.round(rounds / 5)), tally),
      await unsynced(folder, dice, tally),
      await syncFailures(folder, dice, Math.max(1, Math.round(rounds / 10)), tally),
      await refusals(folder, rounds, tally),
    ];
    printTable(["What", "rounds", "rows said to be committed", "lost", "slowest"], rows);
  } finally {
    discard(folder);
  }
}

async function emptyStore(at: string): Promise<void> {
  const { options, remove } = await closedFolder();
  cpSync(options.path ?? "", at, { recursive: true });
  await remove();
}

/** One store, killed again and again while it is written to, and now and then while it recovers. */
async function kills(
  folder: string,
  dice: Dice,
  rounds: number,
  tally: Tally,
): Promise<readonly unknown[]> {
  const path = join(folder, "killed");
  await emptyStore(path);
  const committed: number[] = [];
  let lost = 0;
  let number = 0;
  let slowest = 0;
  for (let round = 1; round <= rounds; round += 1) {
    // Numbers go up from round to round, whatever was under way when the last one ended.
    const writing = startWriting(path, number);
    if (dice.chance(0.1)) {
      await new Promise((resolve) => setTimeout(resolve, dice.whole(100, 900)));
      await writing.kill();
    } else {
      const started = performance.now();
      const missing = missingFrom(committed, await writing.found);
      slowest = Math.max(slowest, performance.now() - started);
      lost += missing.length;
      tally.check(missing.length === 0, () => `kill ${round}: rows ${missing} are gone`);
      await writing.killAfter(dice.whole(1, 150));
    }
    committed.push(...writing.acknowledged);
    number += 1000;
  }
  const store = await openStore({ path });
  const missing = missingFrom(committed, await numbersIn(store));
  await store.close();
  tally.check(missing.length === 0, () => `after all kills: rows ${missing} are gone`);
  return ["SIGKILL", rounds, committed.length, lost + missing.length, `open ${ms(slowest)}`];
}

/** A new store each time, whose power goes while it is written to. */
async function powerLosses(
  folder: string,
  dice: Dice,
  rounds: number,
  tally: Tally,
): Promise<readonly unknown[]> {
  let committed = 0;
  let lost = 0;
  let slowest = 0;
  for (let round = 1; round <= rounds; round += 1) {
    const part = dice.pick([0, 0.1, 0.5, 0.9]);
    const { acknowledged, missing, opened, holes } = await powerLoss(folder, dice, part, false);
    committed += acknowledged;
    lost += missing.length;
    slowest = Math.max(slowest, opened);
    tally.check(holes === 0, () => `power loss ${round}: the store reopened with ${holes} holes`);
    tally.check(missing.length === 0, () => `power loss ${round}: rows ${missing} are gone`);
  }
  return ["power loss", rounds, committed, lost, `open ${ms(slowest)}`];
}

/** The same as the database would be out of the box: without syncs, rows must be lost, or the trial shows nothing. */
async function unsynced(folder: string, dice: Dice, tally: Tally): Promise<readonly unknown[]> {
  const { acknowledged, missing } = await powerLoss(folder, dice, 0, true);
  tally.check(missing.length > 0, () => "without syncs nothing was lost: the trial sees nothing");
  return ["power loss, syncs left out", 1, acknowledged, `${missing.length}, as it must be`, ""];
}

interface PowerLoss {
  readonly acknowledged: number;
  readonly missing: readonly number[];
  /** Milliseconds. */
  readonly opened: number;
  readonly holes: number;
}

async function powerLoss(
  folder: string,
  dice: Dice,
  part: number,
  drops: boolean,
): Promise<PowerLoss> {
  const place = mkdtempSync(join(folder, "power-"));
  const [path, shadow, after] = ["store", "shadow", "after"].map((name) => join(place, name));
  if (path === undefined || shadow === undefined || after === undefined) throw new Error();
  await emptyStore(path);
  // A store that was closed is on the disk as a whole.
  cpSync(join(path, "data"), shadow, { recursive: true });
  const writing = startWriting(path, 0, { folder: shadow, drops });
  await writing.killAfter(dice.whole(5, 300));
  losePower(join(path, "data"), shadow, join(after, "data"), dice, part);
  const started = performance.now();
  const store = await openStore({ path: after });
  const opened = performance.now() - started;
  const found = await numbersIn(store);
  const holes = (await store.check()).findings.length;
  await store.close();
  const { acknowledged } = writing;
  discard(place);
  return {
    acknowledged: acknowledged.length,
    missing: missingFrom(acknowledged, found),
    opened,
    holes,
  };
}

async function syncFailures(
  folder: string,
  dice: Dice,
  rounds: number,
  tally: Tally,
): Promise<readonly unknown[]> {
  const path = join(folder, "failing");
  await emptyStore(path);
  return failedSyncs(path, dice, rounds, tally);
}

/** While one process has the store, nobody else gets it, and everybody learns who has it. */
async function refusals(folder: string, rounds: number, tally: Tally): Promise<readonly unknown[]> {
  const path = join(folder, "held");
  await emptyStore(path);
  const writing = startWriting(path, 0);
  await writing.found;
  let slowest = 0;
  for (let round = 1; round <= rounds; round += 1) {
    const started = performance.now();
    const refusal = await openStore({ path }).then(
      () => "it was let in",
      (error: unknown) => String(error),
    );
    const took = performance.now() - started;
    slowest = Math.max(slowest, took);
    const names = refusal.includes(`writer.ts (process ${writing.pid} on `);
    tally.check(names && took < 1000, () => `second opener ${round}: ${refusal} in ${ms(took)}`);
  }
  await writing.kill();
  return ["second opener refused", rounds, "", "", ms(slowest)];
}

async function numbersIn(store: Store): Promise<readonly number[]> {
  const rows = await store.inOrg(store.defaultOrg, ({ db }) =>
    db.selectFrom("audit").select("bodyJson").execute(),
  );
  return rows.map(({ bodyJson }) => (bodyJson as { number: number }).number);
}

function missingFrom(expected: readonly number[], found: readonly number[]): readonly number[] {
  const there = new Set(found);
  return expected.filter((number) => !there.has(number));
}

function ms(time: number): string {
  return `${Math.round(time)} ms`;
}
