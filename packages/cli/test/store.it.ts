import { mkdtempSync, readFileSync, rmSync } from "node:fs";
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
    expect((await kappa4("store migrate --json")).stdout).toBe('{\n  "applied": []\n}\n');

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
    const again = await kappa4("store restore kappa4.backup --path restored");
    expect(again.code).toBe(1);
    expect(again.stderr).toContain("The store to write to is not empty: orgs has rows.");
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
