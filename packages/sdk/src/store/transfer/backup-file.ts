import { createHash, type Hash } from "node:crypto";
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { finished } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { Kappa4Error } from "@kappa4/connectors";
import type { TextRow } from "./rows.ts";
import type { Transferable } from "./tables.ts";

/** The first line of a backup. */
export interface BackupHeader {
  readonly kappa4: "store";
  readonly version: 1;
  /** ISO 8601. */
  readonly at: string;
  readonly tables: readonly Transferable[];
}

/** A page of rows of one of the header's tables. */
export interface BackupPage {
  /** Its place in the header. */
  readonly table: number;
  readonly rows: readonly TextRow[];
}

/** The last line: what shows that nothing is missing. */
interface BackupFooter {
  readonly rows: number;
  /** Over every line before this one. */
  readonly sha256: string;
}

/**
 * Writes a backup: gzip over lines of JSON. It has the name that was asked for once all of it is on the disk, and only
 * its owner can read it.
 */
export async function writeBackup(
  file: string,
  header: BackupHeader,
  pages: AsyncIterable<BackupPage>,
): Promise<number> {
  const partial = `${file}.partial`;
  const gzip = createGzip();
  const out = gzip.pipe(createWriteStream(partial, { mode: 0o600 }));
  const hash = createHash("sha256");
  let rows = 0;
  async function line(value: object, isFooter = false): Promise<void> {
    const text = `${JSON.stringify(value)}\n`;
    if (!isFooter) hash.update(text);
    if (!gzip.write(text)) await once(gzip, "drain");
  }
  try {
    await line(header);
    for await (const page of pages) {
      await line(page);
      rows += page.rows.length;
    }
    await line({ rows, sha256: hash.digest("hex") } satisfies BackupFooter, true);
    gzip.end();
    await finished(out);
    await sync(partial);
    await rename(partial, file);
    return rows;
  } catch (error) {
    gzip.destroy();
    out.destroy();
    await rm(partial, { force: true });
    throw error;
  }
}

/** Reads a backup. Throws `not_found`, and `protocol` when it is none, or is cut off or changed. */
export async function* readBackup(file: string): AsyncGenerator<BackupHeader | BackupPage> {
  const hash = createHash("sha256");
  const gunzip = createGunzip();
  const input = createReadStream(file);
  input.on("error", (error) => gunzip.destroy(error));
  let rows = 0;
  let isComplete = false;
  try {
    for await (const text of linesOf(input.pipe(gunzip))) {
      const value = JSON.parse(text) as BackupHeader | BackupPage | BackupFooter;
      if ("sha256" in value) {
        isComplete = isWhole(value, rows, hash);
        break;
      }
      hash.update(`${text}\n`);
      if ("table" in value) rows += value.rows.length;
      yield value;
    }
  } catch (cause) {
    if (isMissing(cause))
      throw new Kappa4Error("not_found", `There is no file ${file}.`, { cause });
    throw damaged(file, cause);
  } finally {
    input.destroy();
  }
  if (!isComplete) throw damaged(file, undefined);
}

async function* linesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf("\n"); end !== -1; end = rest.indexOf("\n")) {
      yield rest.toString("utf8", 0, end);
      rest = rest.subarray(end + 1);
    }
  }
}

function isWhole(footer: BackupFooter, rows: number, hash: Hash): boolean {
  return footer.rows === rows && footer.sha256 === hash.digest("hex");
}

function damaged(file: string, cause: unknown): Kappa4Error {
  return new Kappa4Error(
    "protocol",
    `${file} is no backup of a store, or not all of it; nothing was restored.`,
    { cause },
  );
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, "r+");
  await handle.sync();
  await handle.close();
}
