import { createHash } from "node:crypto";
import { readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Kappa4Error, type Logger } from "@kappa4/connectors";
import { HOLDER_FILE, makePrivate } from "./private-folder.ts";
import { programName } from "./program-name.ts";

/** Who has the embedded store open. */
export interface Holder {
  readonly pid: number;
  /** What tells this process from a later one with the same number; absent where the system does not say. */
  readonly birth?: string | undefined;
  readonly host: string;
  readonly program: string;
  /** ISO 8601. */
  readonly since: string;
}

/** A taken lock. */
export interface FolderLock {
  release(): Promise<void>;
}

/** How often, and with how many milliseconds in between, is looked for a holder's name. */
const LOOKS = 25;
const BETWEEN_LOOKS_MS = 20;

/** The folders that this process itself has open. */
const ours = new Set<string>();

/**
 * Takes the folder for this process alone: PGlite itself lets a second process in, and rows that were acknowledged
 * vanish. On Linux and Windows the operating system keeps the lock and frees it with the process, however that ends;
 * the file beside it names the holder, and is the lock where the operating system has none for this.
 * Throws `conflict`, naming the holder, and `permission` when the folder is another user's.
 */
export async function lockFolder(
  folder: string,
  now: Date,
  logger?: Logger | undefined,
): Promise<FolderLock> {
  makePrivate(folder, logger);
  const real = realpathSync(folder);
  if (ours.has(real)) throw taken(real, readHolder(real));
  ours.add(real);
  let server: Server | undefined;
  const release = async (): Promise<void> => {
    ours.delete(real);
    await closed(server);
  };
  try {
    server = await takeName(real);
    takeFile(real, now);
  } catch (error) {
    await release();
    throw error;
  }
  let isReleased = false;
  return {
    async release() {
      // Once: after that it may be somebody else's.
      if (isReleased) return;
      isReleased = true;
      rmSync(join(real, HOLDER_FILE), { force: true });
      await release();
    },
  };
}

/** A name that only one process can listen on: an abstract socket on Linux, a pipe on Windows. */
async function takeName(folder: string): Promise<Server | undefined> {
  const name = `kappa4-store-${createHash("sha256").update(folder).digest("hex").slice(0, 32)}`;
  const path = { linux: `\0${name}`, win32: `\\\\.\\pipe\\${name}` }[process.platform as string];
  if (path === undefined) return undefined;
  const server = createServer((socket) => socket.destroy());
  server.unref();
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === "EADDRINUSE" || error.code === "EACCES";
      if (!isTaken) return reject(error);
      nameHolder(folder).then((holder) => reject(taken(folder, holder)), reject);
    });
    server.listen(path, () => resolve(server));
  });
}

/** Who has just taken the name may not have written down yet who it is; what stands there is of an earlier holder. */
async function nameHolder(folder: string): Promise<Holder | undefined> {
  for (let look = 0; look < LOOKS; look += 1) {
    const holder = readHolder(folder);
    if (holder !== undefined && isThere(holder)) return holder;
    await setTimeout(BETWEEN_LOOKS_MS);
  }
  return readHolder(folder);
}

function takeFile(folder: string, now: Date): void {
  const me: Holder = {
    pid: process.pid,
    birth: birthOf(process.pid),
    host: hostname(),
    program: programName(process.argv[1]),
    since: now.toISOString(),
  };
  const holder = readHolder(folder);
  if (holder !== undefined && isThere(holder)) throw taken(folder, holder);
  const path = join(folder, HOLDER_FILE);
  rmSync(path, { force: true });
  try {
    writeFileSync(path, `${JSON.stringify(me)}\n`, {
      flag: "wx",
      flush: true,
      mode: 0o600,
    });
  } catch (error) {
    if (!isCode(error, "EEXIST")) throw error;
    throw taken(folder, readHolder(folder));
  }
}

function readHolder(folder: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, HOLDER_FILE), "utf8")) as Holder;
  } catch (error) {
    // Cut off by a power loss: whoever wrote it is gone.
    if (error instanceof SyntaxError || isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** A process on another machine, or in another container, cannot be looked at: its word counts until a person says so. */
function isThere(holder: Holder): boolean {
  if (holder.host !== hostname()) return true;
  // What an earlier process of this very number left behind, as in a container where it is always the first.
  if (holder.pid === process.pid) return false;
  if (holder.birth !== undefined) return holder.birth === birthOf(holder.pid);
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return isCode(error, "EPERM");
  }
  return true;
}

/** When a process that still runs began, as the kernel tells it: its numbers are used again. */
function birthOf(pid: number): string | undefined {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold anything; the 20th field after it is the start in clock ticks.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : `${boot}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

function taken(folder: string, holder: Holder | undefined): Kappa4Error {
  const who =
    holder === undefined
      ? "another process"
      : `${holder.program} (process ${holder.pid} on ${holder.host}, since ${holder.since})`;
  const elsewhere =
    holder === undefined || holder.host === hostname()
      ? ""
      : ` If that machine is gone for good, delete ${join(folder, HOLDER_FILE)}.`;
  return new Kappa4Error(
    "conflict",
    `The store in ${folder} is open in ${who}; stop it, or let both use a PostgreSQL by DATABASE_URL.${elsewhere}`,
    { context: { operation: "open", target: folder } },
  );
}

async function closed(server: Server | undefined): Promise<void> {
  if (server === undefined) return;
  await new Promise((resolve) => server.close(resolve));
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
