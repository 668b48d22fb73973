import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { openStore } from "../../../src/store/index.ts";

/** What one caller was told. */
export interface Told {
  readonly name: string;
  readonly code: string;
  readonly outcome: string;
  readonly message: string;
}

/** What became of a program whose disk failed once to keep what was written. */
export interface FailedSync {
  /** Undefined when it did not end by itself. */
  readonly exitCode: number | undefined;
  readonly errors: string;
  /** Numbers of the rows that were said to be committed. */
  readonly committed: readonly number[];
  /** What calls under way were told, calls afterwards, and whoever watches over the store. */
  readonly refused: readonly Told[];
  readonly later: readonly Told[];
  readonly lost: readonly Told[];
  readonly isClosed: boolean;
  /** Numbers of the rows that are there when the store is opened again. */
  readonly found: readonly number[];
}

const PATIENCE_MS = 60_000;
const writer = fileURLToPath(new URL("./write-until-lost.ts", import.meta.url));
/** Loaded before a program it makes its next sync fail once the file that `KAPPA4_SYNC_FAILS` names is there. */
export const FAILING_SYNC: string = new URL("./failing-sync.ts", import.meta.url).href;

/**
 * Has a program write rows, with numbers above `from`, lets a sync fail after so many of them, and opens the store again.
 */
export async function failASync(path: string, rows: number, from = 0): Promise<FailedSync> {
  const words = [writer, path, String(rows), String(from)];
  const args = ["--conditions=@kappa4/source", "--import", FAILING_SYNC, ...words];
  const env = { ...process.env, KAPPA4_SYNC_FAILS: join(path, "..", `fails-${process.pid}`) };
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const patience = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  clearTimeout(patience);
  const lines = output
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const of = <T>(what: string): readonly T[] =>
    lines.flatMap((line) => (line[what] === undefined ? [] : [line[what] as T]));
  return {
    exitCode: code ?? undefined,
    errors,
    committed: of("committed"),
    refused: of("refused"),
    later: of("later"),
    lost: of("lost"),
    isClosed: of("closed").length === 1,
    found: await numbersIn(path),
  };
}

async function numbersIn(path: string): Promise<readonly number[]> {
  const store = await openStore({ path });
  const rows = await store.inOrg(store.defaultOrg, ({ db }) =>
    db.selectFrom("audit").select("bodyJson").execute(),
  );
  await store.close();
  return rows.flatMap(({ bodyJson }) => (bodyJson as { number?: number }).number ?? []);
}
