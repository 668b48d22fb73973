import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BackupPage, readBackup, writeBackup } from "../../src/store/transfer/backup-file.ts";

const header = { kappa4: "store", version: 1, at: "2026-01-05T08:00:00.000Z", tables: [] } as const;
const pages: readonly BackupPage[] = [
  {
    table: 0,
    rows: [
      ["a", null],
      ["line\nbreak", ""],
    ],
  },
  { table: 1, rows: [["🦊", "x".repeat(100_000)]] },
];

let folder: string;
let file: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "kappa4-backup-"));
  file = join(folder, "whole");
  await writeBackup(file, header, fromList(pages));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function* fromList<T>(list: readonly T[]): AsyncGenerator<T> {
  yield* list;
}

async function read(path: string): Promise<readonly unknown[]> {
  const parts: unknown[] = [];
  for await (const part of readBackup(path)) parts.push(part);
  return parts;
}

function damaged(change: (bytes: Buffer) => Uint8Array): string {
  const path = join(folder, "damaged");
  writeFileSync(path, change(readFileSync(file)));
  return path;
}

describe("a backup file", () => {
  it("gives back what was written", async () => {
    expect(await read(file)).toEqual([header, ...pages]);
  });

  it("is not there when writing it failed", async () => {
    const failing = join(folder, "failing");
    async function* broken(): AsyncGenerator<BackupPage> {
      yield* pages;
      throw new Error("the store went away");
    }
    await expect(writeBackup(failing, header, broken())).rejects.toThrow("the store went away");
    expect([existsSync(failing), existsSync(`${failing}.partial`)]).toEqual([false, false]);
  });

  it.each([
    ["cut off", (bytes: Buffer) => bytes.subarray(0, bytes.length >> 1)],
    ["without its last line", (bytes: Buffer) => gzipSync(lines(bytes).slice(0, -1).join("\n"))],
    [
      "without a line in the middle",
      (bytes: Buffer) => gzipSync(lines(bytes).toSpliced(1, 1).join("\n")),
    ],
    [
      "with another value",
      (bytes: Buffer) => gzipSync(gunzipSync(bytes).toString().replace('"a"', '"b"')),
    ],
    ["of other bytes", () => Buffer.from("no backup")],
    ["empty", () => Buffer.alloc(0)],
  ])("%s is refused", async (_, change) => {
    await expect(read(damaged(change))).rejects.toMatchObject({ code: "invalid_argument" });
  });

  it("cannot be written where there is no folder", async () => {
    const nowhere = writeBackup(join(folder, "no", "where"), header, fromList(pages));
    await expect(nowhere).rejects.toMatchObject({ code: "invalid_argument" });
  });

  it("is told apart from a file that is not there", async () => {
    await expect(read(join(folder, "nowhere"))).rejects.toMatchObject({ code: "not_found" });
  });
});

function lines(bytes: Buffer): readonly string[] {
  return gunzipSync(bytes).toString().trimEnd().split("\n");
}
