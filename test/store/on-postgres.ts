import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import { openStore } from "../../packages/sdk/src/store/index.ts";
import { piecesAtOnce } from "../../packages/sdk/test/approving/pieces-at-once.ts";
import { followBeside } from "../../packages/sdk/test/store/support/follow-beside.ts";
import {
  besideRoles,
  cutConnections,
} from "../../packages/sdk/test/store/support/server-trials.ts";
import { suitesOf, suitesWithStores } from "./suites.ts";

const CANNOT_RUN = 77;
const root = fileURLToPath(new URL("../..", import.meta.url));
const script = join(root, "test/servers/postgres.sh");

/** Declares the tests that hold on a real server of that version; `long` runs the long suites there too. */
export function onPostgres(version: string, long: "required" | ""): void {
  describe(`on PostgreSQL ${version}`, () => onServer(version, long));
}

function onServer(version: string, long: "required" | ""): void {
  let folder: string;
  let url: string;
  let unavailable: string | undefined;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), `kappa4-postgres-${version}-`));
    const started = await run(script, ["start", folder, version]);
    url = started.output.trim();
    if (started.code === 0) return;
    const reason = started.errors.trim().split("\n").at(-1) ?? "";
    if (started.code !== CANNOT_RUN || process.env.KAPPA4_SERVERS === "required") {
      throw new Error(reason);
    }
    unavailable = reason;
  });
  afterAll(async () => {
    await run(script, ["stop", folder]);
  });
  beforeEach((context) => {
    if (unavailable === undefined) return;
    console.info(`skipped: ${unavailable}`);
    context.skip(unavailable);
  });

  it("a server that cuts every connection ends nothing", async () => {
    expect(await cutConnections(url)).toEqual(["heard again"]);
  });

  it("a program's login sees and does nothing beside the roles that it takes", async () => {
    const tried = await besideRoles(url);
    expect(tried).toEqual(["permission", ...Array(7).fill("42501")]);
  });

  it("a program whose clock is two hours ahead is refused, and makes no tables", async () => {
    const clock = vi.spyOn(Date, "now").mockReturnValue(Date.now() + 2 * 60 * 60_000);
    const opened = openStore({ url }).finally(() => clock.mockRestore());
    await expect(opened).rejects.toThrow("This machine's clock is 120 min ahead of that");
  });

  it.each([1, 2, 3])("two pieces at the same instant pass for one, seed %i", async (seed) => {
    const { slipped, ends } = await piecesAtOnce(url, seed, 60);
    console.info(`PostgreSQL ${version}: ${JSON.stringify(ends)}`);
    expect(slipped).toEqual([]);
    // Neither by that nobody was let through, nor by that one of them was always too late.
    expect(Object.keys(ends).filter((end) => end.includes("started and waiting"))).toHaveLength(2);
  });

  it.each([1, 2])(
    "who follows events misses none beside a busy database, seed %i",
    async (seed) => {
      const { missed, wrong, ...counts } = await followBeside(url, seed, 200);
      console.info(`PostgreSQL ${version}: ${JSON.stringify(counts)}`);
      expect({ missed, wrong }).toEqual({ missed: 0, wrong: 0 });
      expect(counts.elsewhere).toBeGreaterThan(0);
    },
  );

  it("every suite passes that passes on the embedded store, on this server", async () => {
    const suites = suitesWithStores(root);
    const told = join(folder, "stores.txt");
    const file = join(folder, "report.json");
    const flags = ["--reporter=dot", "--reporter=json", `--outputFile.json=${file}`];
    // One after the other: what ends in another database in this very moment may hold back, for that moment, what counts
    // as settled.
    const args = ["run", "--no-file-parallelism", ...flags, ...suites];
    const { code, output, errors } = await run(join(root, "node_modules/.bin/vitest"), args, {
      KAPPA4_TEST_DATABASE: url,
      KAPPA4_TEST_STORES: told,
      KAPPA4_SERVERS: "",
      KAPPA4_LONG: long,
    });
    expect(code, output + errors).toBe(0);
    const report = JSON.parse(readFileSync(file, "utf8")) as SuitesReport;
    const ran = report.testResults.map(({ name }) => relative(root, name)).sort();
    console.info(`PostgreSQL ${version}: ${JSON.stringify(longestOf(report))}`);
    // Each of them had its store here, and not an embedded one without a word.
    expect(suitesOf(root, readFileSync(told, "utf8"))).toEqual(ran);
    if (long === "required") expect(ran).toEqual(suites);
    expect(report).toMatchObject({ numFailedTests: 0, numPendingTests: 0 });
    expect(report.numPassedTests).toBeGreaterThan(ran.length);
  }, 900_000);

  it.each([
    ["isolation", 2],
    ["migrations", 1],
    ["exactly-once", 24],
  ] as const)(
    "torture -- %s finds nothing",
    async (name, rounds) => {
      const flags = ["--rounds", String(rounds), "--database", url];
      const args = ["--conditions=@kappa4/source", "test/torture/main.ts", name, ...flags];
      const { code, output, errors } = await run(process.execPath, args);
      expect(code, output + errors).toBe(0);
      expect(output).toMatch(/\n\d+ passed, 0 failed\n$/);
    },
    600_000,
  );
}

/** What vitest writes of the suites that it ran. */
interface SuitesReport {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly startTime: number;
    readonly endTime: number;
  }[];
}

/** The suites that took longest, in seconds. */
function longestOf({ numPassedTests, testResults }: SuitesReport): object {
  const seconds = testResults.map(({ name, startTime, endTime }) => {
    return [relative(root, name), Math.round((endTime - startTime) / 1000)] as const;
  });
  const longest = seconds.toSorted(([, one], [, other]) => other - one).slice(0, 8);
  return { files: seconds.length, tests: numPassedTests, longest: Object.fromEntries(longest) };
}

interface Result {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

function run(program: string, args: readonly string[], more: object = {}): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, env: { ...process.env, ...more } });
    let output = "";
    let errors = "";
    child.stdout.on("data", (data) => {
      output += data;
    });
    child.stderr.on("data", (data) => {
      errors += data;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output, errors }));
  });
}
