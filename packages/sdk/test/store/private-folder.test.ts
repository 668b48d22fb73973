import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openEmbedded } from "../../src/store/embedded/database.ts";
import { lockFolder } from "../../src/store/embedded/lock.ts";
import { NOW } from "./support/rows.ts";

const isWindows = process.platform === "win32";
const isRoot = process.getuid?.() === 0;
/** Some uid that is not ours; nobody needs to be called so. */
const STRANGER = 54321;

const said: string[] = [];
const logger = {
  debug: () => {},
  info: () => {},
  warn: (_fields: object, message: string) => void said.push(message),
  error: () => {},
};

let outside: string;
let folder: string;
beforeAll(async () => {
  outside = mkdtempSync(join(tmpdir(), "kappa4-private-"));
  chmodSync(outside, 0o755);
  folder = join(outside, "above", "store");
  // Whatever the process lets others do with its new files, these are nobody else's.
  const database = await openEmbedded(folder, { now: NOW });
  await database.close();
}, 60_000);
afterAll(() => rmSync(outside, { recursive: true, force: true }));

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}

describe.skipIf(isWindows)("the files of an embedded store", () => {
  it("are for their owner alone from the first one on", () => {
    const paths = readdirSync(folder, { recursive: true, encoding: "utf8" });
    expect(paths.length).toBeGreaterThan(500);
    const open = paths.filter((path) => (statSync(join(folder, path)).mode & 0o077) !== 0);
    expect(open).toEqual([]);
    expect(modeOf(folder)).toBe("700");
  });

  it("leave folders above as they would be", () => {
    expect(modeOf(join(outside, "above"))).toBe((0o777 & ~process.umask()).toString(8));
  });

  it("are shut again where somebody has opened them, and that is said", async () => {
    said.length = 0;
    for (const path of [folder, join(folder, "data")]) chmodSync(path, 0o755);
    const lock = await lockFolder(folder, NOW, logger);
    expect(modeOf(join(folder, "holder.json"))).toBe("600");
    await lock.release();
    expect([folder, join(folder, "data")].map(modeOf)).toEqual(["700", "700"]);
    expect(said).toHaveLength(2);
    expect(said[0]).toContain("closed");
    await (await lockFolder(folder, NOW, logger)).release();
    expect(said).toHaveLength(2);
  });

  it("cannot be read, written or listed by another user, who is told why", () => {
    if (!isRoot) return console.log("another user is not tried: only root can become one");
    const script = `
      import { readFileSync, readdirSync, appendFileSync } from "node:fs";
      const [, folder, lock] = process.argv;
      const { lockFolder } = await import(lock);
      process.setgroups([]); process.setgid(${STRANGER}); process.setuid(${STRANGER});
      const tried = [
        () => readdirSync(folder),
        () => readFileSync(folder + "/data/global/pg_control"),
        () => appendFileSync(folder + "/data/postgresql.conf", "x"),
        () => lockFolder(folder, new Date()),
      ];
      for (const attempt of tried) {
        await Promise.resolve().then(attempt).then(() => console.log("done"), (e) => console.log(e.code, e.message));
      }
    `;
    const lock = new URL("../../src/store/embedded/lock.ts", import.meta.url).href;
    const args = ["--conditions=@kappa4/source", "--input-type=module", "-e", script, folder, lock];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    const lines = stdout.trim().split("\n");
    expect(
      lines.map((line) => line.split(" ")[0]),
      stderr,
    ).toEqual([...["EACCES", "EACCES", "EACCES"], "permission"]);
    expect(lines[3]).toContain("belongs to another user");
  });

  it("cannot lie where no folder can be made, and that is told of the path", async () => {
    const file = join(outside, "file");
    writeFileSync(file, "");
    const cases = [
      [file, "it is a file"],
      [join(file, "f", "st"), "a part of the path is a file"],
      ...(existsSync("/proc/self") ? [["/proc/nope", "nothing can be made above it"]] : []),
    ] as const;
    for (const [path = "", why] of cases) {
      const message = `The store's folder ${path} cannot be made: ${why}; name another folder.`;
      await expect(lockFolder(path, NOW)).rejects.toMatchObject({
        code: "invalid_argument",
        message,
      });
    }
  });

  it("are told not to be writable where the folder is one's own", () => {
    if (!isRoot) return console.log("not tried: only root can become another user");
    const own = join(outside, "own");
    mkdirSync(own, { mode: 0o500 });
    chownSync(own, STRANGER, STRANGER);
    const script = `
      const [, folder, lock] = process.argv;
      const { lockFolder } = await import(lock);
      process.setgroups([]); process.setgid(${STRANGER}); process.setuid(${STRANGER});
      await lockFolder(folder, new Date()).catch((e) => console.log(e.code, e.message));
    `;
    const lock = new URL("../../src/store/embedded/lock.ts", import.meta.url).href;
    const args = ["--conditions=@kappa4/source", "--input-type=module", "-e", script, own, lock];
    const { stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
    expect(stdout).toContain("permission The store in");
    expect(stdout).toContain("cannot be written, though the folder is this user's own");
  });

  it("are all that is closed of a folder that holds other things too", async () => {
    const shared = join(outside, "shared");
    mkdirSync(join(shared, "data"), { recursive: true });
    mkdirSync(join(shared, "photos"));
    for (const path of [shared, join(shared, "data")]) chmodSync(path, 0o755);
    await (await lockFolder(shared, NOW)).release();
    expect([shared, join(shared, "data")].map(modeOf)).toEqual(["755", "700"]);
  });
});
