import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lockFolder } from "../../src/store/embedded/lock.ts";
import { programName } from "../../src/store/embedded/program-name.ts";
import { NOW } from "./support/rows.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kappa4-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function leave(holder: object): void {
  const whole = { pid: 1, host: hostname(), program: "other.js", since: NOW.toISOString() };
  writeFileSync(join(folder, "holder.json"), JSON.stringify({ ...whole, ...holder }));
}

describe("the folder of a store", () => {
  it("says who has it, and no longer when it is let go", async () => {
    const lock = await lockFolder(folder, NOW);
    const holder = JSON.parse(readFileSync(join(folder, "holder.json"), "utf8"));
    expect(holder).toMatchObject({ pid: process.pid, host: hostname(), since: NOW.toISOString() });
    await expect(lockFolder(folder, NOW)).rejects.toMatchObject({ code: "conflict" });
    await lock.release();
    await (await lockFolder(folder, NOW)).release();
  });

  it("names a program as people do, and by its package where its file could be anybody's", () => {
    const cli = fileURLToPath(new URL("../../../cli/src/", import.meta.url));
    expect(programName(join(cli, "main.ts"))).toBe("kappa4");
    expect(programName(join(cli, "process-io.ts"))).toBe("process-io.ts");
    expect(programName("/usr/local/bin/kappa4")).toBe("kappa4");
    expect(programName(join(folder, "main.js"))).toBe("main.js");
    writeFileSync(join(folder, "package.json"), '{"name":"nights"}');
    expect(programName(join(folder, "main.js"))).toBe("nights");
  });

  it("is not taken from its next holder by letting go twice", async () => {
    const first = await lockFolder(folder, NOW);
    await first.release();
    const second = await lockFolder(folder, NOW);
    await first.release();
    await expect(lockFolder(folder, NOW)).rejects.toThrow(`process ${process.pid} on`);
    await second.release();
  });

  it.each([
    ["a process that is gone", { pid: 2 ** 30 }],
    ["an earlier process of the same number", { pid: 1, birth: "another boot/1" }],
    ["an earlier process of this very number", { pid: process.pid, birth: "another boot/1" }],
  ])("is free after %s", async (_, holder) => {
    leave(holder);
    await (await lockFolder(folder, NOW)).release();
  });

  it("is free after a power loss in the middle of writing down the holder", async () => {
    writeFileSync(join(folder, "holder.json"), '{"pid":');
    await (await lockFolder(folder, NOW)).release();
  });

  it("is taken while a process that nobody can look at may have it", async () => {
    leave({ host: "another-machine" });
    const refused = lockFolder(folder, NOW);
    await expect(refused).rejects.toThrow("other.js (process 1 on another-machine, since 2026-");
    await expect(refused).rejects.toThrow(`delete ${join(folder, "holder.json")}`);
  });

  it("is taken while a process of this machine runs that is older than its word", async () => {
    leave({ pid: process.ppid });
    await expect(lockFolder(folder, NOW)).rejects.toThrow(`process ${process.ppid} on`);
  });
});
