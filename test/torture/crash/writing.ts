import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A process that writes rows into an embedded store until it is killed. */
export interface Writing {
  /** Numbers of the rows that it found when it opened the store. */
  readonly found: Promise<readonly number[]>;
  /** Numbers of the rows that it said are committed. */
  readonly acknowledged: readonly number[];
  /** Waits for so many rows, then kills. Rejects when the process ends by itself. */
  killAfter(rows: number): Promise<void>;
  /** Kills at once, wherever it is. */
  kill(): Promise<void>;
  readonly pid: number | undefined;
}

const writer = fileURLToPath(new URL("./writer.ts", import.meta.url));
const layer = new URL("./power-layer.ts", import.meta.url).href;

/** Starts one; with a shadow, what it syncs to disk is kept there. */
export function startWriting(
  path: string,
  from: number,
  shadow?: { readonly folder: string; readonly drops: boolean },
): Writing {
  const flags = shadow === undefined ? [] : ["--import", layer];
  const env = {
    ...process.env,
    KAPPA4_SHADOW: shadow?.folder,
    KAPPA4_SHADOW_DROPS: shadow?.drops ? "yes" : "",
  };
  const args = ["--conditions=@kappa4/source", ...flags, writer, path, String(from)];
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  return follow(child);
}

function follow(child: ChildProcess): Writing {
  const found = Promise.withResolvers<readonly number[]>();
  const acknowledged: number[] = [];
  const waiting: { rows: number; resolve(): void }[] = [];
  let errors = "";
  let isKilled = false;
  const ended = once(child, "close").then(() => {
    if (!isKilled) {
      const error = new Error(`The writer ended by itself: ${errors}`);
      found.reject(error);
      throw error;
    }
    found.resolve([]);
  });
  ended.catch(() => {});
  found.promise.catch(() => {});
  child.stderr?.on("data", (data) => {
    errors += data;
  });
  if (child.stdout === null) throw new Error("The writer has no standard output.");
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (line.startsWith("found ")) found.resolve(JSON.parse(line.slice(6)));
    else acknowledged.push(Number(line));
    for (const one of waiting) if (acknowledged.length >= one.rows) one.resolve();
  });
  async function kill(): Promise<void> {
    isKilled = true;
    child.kill("SIGKILL");
    await ended;
  }
  return {
    found: found.promise,
    acknowledged,
    pid: child.pid,
    kill,
    async killAfter(rows) {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push({ rows, resolve });
      await Promise.race([promise, ended]);
      await kill();
    },
  };
}
