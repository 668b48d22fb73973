import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStore } from "../../sdk/src/store/index.ts";
import { fillStore } from "../../sdk/test/store/support/fill.ts";
import { type RunResult, runCli } from "./support/run-cli.ts";

let cwd: string;
beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), "kappa4-cli-store-"));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

function kappa4(line: string, env: Readonly<Record<string, string>> = {}): Promise<RunResult> {
  return runCli(line.split(" "), { cwd, env });
}

describe("the store as a whole", () => {
  test("is made, checked, saved and restored", async () => {
    const made = await kappa4("store migrate");
    expect(made).toMatchObject({ code: 0 });
    expect(made.stdout).toContain(
      "The store is up to date now: 0001-core, 0002-search, 0003-quotas, 0004-deliveries.",
    );
    expect(made.stderr).toContain(`Making a new store in ${join(cwd, ".kappa4")}`);
    const place = join(cwd, ".kappa4");
    expect(made.stdout).toContain(place);
    const again = JSON.parse((await kappa4("store migrate --json")).stdout);
    expect(again).toEqual({ store: place, applied: [] });

    const store = await openStore({ path: join(cwd, ".kappa4") });
    await fillStore(store, 1);
    const blocked = await kappa4("store check");
    expect(blocked.code).toBe(1);
    expect(blocked.stderr).toMatch(/is open in .* \(process \d+ on .*\(conflict\)/);
    await store.close();

    const checked = await kappa4("store check");
    expect(checked).toMatchObject({ code: 0, stderr: "" });
    expect(checked.stdout).toContain("No organisation can see or change what belongs to another");

    const saved = await kappa4("store backup kappa4.backup --json");
    expect(saved.stderr).toContain("plans: 120 rows");
    const { rows } = JSON.parse(saved.stdout);
    expect(rows).toMatchObject({ orgs: 3, plans: 120, audit: 120 });
    const older = readFileSync(join(cwd, "kappa4.backup"));
    const over = await kappa4("store backup kappa4.backup");
    expect(over).toMatchObject({ code: 2 });
    expect(over.stderr).toContain("kappa4.backup is there already; name another file, or");
    expect(readFileSync(join(cwd, "kappa4.backup")).equals(older)).toBe(true);
    expect((await kappa4("store backup kappa4.backup --force")).code).toBe(0);

    const restored = await kappa4("store restore kappa4.backup --path restored --json");
    expect(JSON.parse(restored.stdout)).toMatchObject({ rows });
    const twice = await kappa4("store restore kappa4.backup --path restored");
    expect(twice.code).toBe(1);
    expect(twice.stderr).toContain(
      "The store to write to is not empty: orgs has rows, and nothing was written.",
    );
  });
});

describe("which store", () => {
  const gold =
    'connections: { gold: { kind: proxmox, host: pve, auth: { token: "$' + '{TOKEN}" } } }\n';
  const configured = (name: string, store: string): void => {
    mkdirSync(join(cwd, name));
    writeFileSync(join(cwd, name, "mine.yaml"), `${gold}store: ${store}\n`);
  };

  test("is the one of the configuration, which needs no credentials", async () => {
    configured("far", "{ path: ../.kappa4 }");
    const checked = await kappa4("store check --json --config far/mine.yaml");
    expect(JSON.parse(checked.stdout)).toMatchObject({ store: join(cwd, ".kappa4") });
    const saved = await kappa4("store backup far/saved", { KAPPA4_CONFIG: "far/mine.yaml" });
    expect(saved).toMatchObject({ code: 0 });
    expect(saved.stdout).toContain(join(cwd, ".kappa4"));
    const moved = await kappa4("store move-to postgres://127.0.0.1:1/b --config far/mine.yaml");
    expect(moved.stderr).toContain("does not answer");
  });

  test("is told when it cannot be reached, and no other is made", async () => {
    configured("away", "{ url: postgres://127.0.0.1:1/b }");
    for (const line of ["store check", "store backup away/saved", "store move-to postgres://h/b"]) {
      const result = await kappa4(`${line} --config away/mine.yaml`);
      expect(result).toMatchObject({ code: 1, stdout: "" });
      expect(result.stderr).toContain("does not answer");
    }
    expect(readdirSync(join(cwd, "away"))).toEqual(["mine.yaml"]);
    const itself = "store move-to postgres://me@127.0.0.1:1/b --config away/mine.yaml";
    expect((await kappa4(itself)).stderr).toContain("is the store to move from");
  });

  test.each(["store check", "store backup saved", "store move-to postgres://127.0.0.1:1/b"])(
    "%s makes none where there is none",
    async (line) => {
      const result = await kappa4(`${line} --path none`);
      expect(result).toMatchObject({ code: 2, stdout: "" });
      expect(result.stderr).toContain(`There is no store in ${join(cwd, "none")}`);
      expect(existsSync(join(cwd, "none"))).toBe(false);
    },
  );

  test("by --path needs no configuration, not even a whole one", async () => {
    configured("broken", "{ path: [");
    const result = await kappa4("store check --config broken/mine.yaml --path .kappa4");
    expect(result).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("what is wrong is said before anything is touched", () => {
  const wrong = "must be the address of a PostgreSQL";
  test.each([
    ["store check --path a --database postgres://b", "leave one of them out", 2],
    ["store check --owner postgres://b", "name that with --database", 2],
    ["store check --database mysql://name:hunter2@b", wrong, 2],
    ["store move-to example.com", wrong, 2],
    ["store backup", "FILE", 2],
    ["store backup no/where/kappa4.backup", "cannot be written", 2],
    ["store restore nothing.backup --path other", "There is no file", 2],
    ["store check --database postgres://name:hunter2@127.0.0.1:1/b", "does not answer", 1],
  ])("%s", async (line, message, code) => {
    const result = await kappa4(line);
    expect(result.stderr).toContain(message);
    expect(result.stderr).not.toContain("hunter2");
    expect(result.code).toBe(code);
  });

  test("DATABASE_URL is meant where nothing else is said", async () => {
    const { stderr } = await kappa4("store check", { DATABASE_URL: "postgres://127.0.0.1:1/b" });
    expect(stderr).toContain("does not answer");
  });
});
