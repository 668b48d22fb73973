import { createHash, type Hash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
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
 * its owner can read it. Throws `invalid_argument` when it cannot be written.
 */
export async function writeBackup(
  file: string,
  header: BackupHeader,
  pages: AsyncIterable<BackupPage>,
): Promise<void> {
  const partial = `${file}.partial`;
  const lines = Readable.from(linesFor(header, pages));
  try {
    await pipeline(lines, createGzip(), createWriteStream(partial, { mode: 0o600, flush: true }));
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw isOfFiles(error) ? unwritable(file, error) : error;
  }
}

async function* linesFor(
  header: BackupHeader,
  pages: AsyncIterable<BackupPage>,
): AsyncGenerator<string> {
  const hash = createHash("sha256");
  let rows = 0;
  function line(value: object): string {
    const text = `${JSON.stringify(value)}\n`;
    hash.update(text);
    return text;
  }
  yield line(header);
  for await (const page of pages) {
    rows += page.rows.length;
    yield line(page);
  }
  const footer: BackupFooter = { rows, sha256: hash.digest("hex") };
  yield `${JSON.stringify(footer)}\n`;
}

/** Reads a backup. Throws `not_found`, and `invalid_argument` when it is none, or is cut off or changed. */
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
    "invalid_argument",
    `${file} is no backup of a store, or not all of it; nothing was restored.`,
    { cause },
  );
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/** Node names the system call of what went wrong with a file. */
function isOfFiles(error: unknown): error is Error {
  return error instanceof Error && "syscall" in error && "path" in error;
}

function unwritable(file: string, cause: Error): Kappa4Error {
  const message = `${file} cannot be written (${cause.message}); name another file.`;
  return new Kappa4Error("invalid_argument", message, { cause });
}
