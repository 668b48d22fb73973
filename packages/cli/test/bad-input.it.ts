import { spawnSync } from "node:child_process";
import { truncateSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type BadInput, SECRET } from "./bad-input/case.ts";
import { configurations } from "./bad-input/configurations.ts";
import { files } from "./bad-input/files.ts";
import { flags } from "./bad-input/flags.ts";
import { directoryWith } from "./support/files.ts";
import { type RunResult, runCli } from "./support/run-cli.ts";

const badInputs = [...configurations, ...flags, ...files];

function expectOneClearMessage({ says, problems = 1 }: BadInput, result: RunResult): void {
  const { code, stdout, stderr } = result;
  expect.soft(code).toBe(2);
  expect.soft(stdout).toBe("");
  for (const part of says) expect.soft(stderr).toMatch(part);
  const lines = stderr.trimEnd().split("\n");
  expect.soft(lines).toHaveLength(problems === 1 ? 1 : problems + 1);
  expect.soft(stderr).not.toMatch(/^\s+at |Error:|node:internal|undefined|\[object/m);
  expect.soft(stderr).not.toContain(SECRET);
}

test("there are enough of them, and no two are the same", () => {
  expect(badInputs.length).toBeGreaterThanOrEqual(50);
  const told = badInputs.map(({ words, files, env, stdin }) =>
    JSON.stringify({ words, files, env, stdin }),
  );
  expect(new Set(told).size).toBe(badInputs.length);
});

describe("one clear message, exit code 2, no stack trace, no secret", () => {
  test.each(badInputs.map((input) => [`${input.words}: ${input.name}`, input] as const))(
    "%s",
    async (_name, input) => {
      const cwd = directoryWith(input.files ?? {});
      const result = await runCli(input.words.split(" "), {
        cwd,
        env: input.env,
        stdin: input.stdin,
      });
      expectOneClearMessage(input, result);
    },
  );
});

describe("the same from a real process", () => {
  const entry = fileURLToPath(new URL("../src/main.ts", import.meta.url));
  const chosen = [
    "a key given twice",
    "a typo in a flag",
    "a snapshot that is cut off",
    "nothing on stdin",
  ];
  test.each(chosen)("%s", (name) => {
    const input = badInputs.find((candidate) => candidate.name === name);
    if (input === undefined) return expect.unreachable(`no case is called ${name}`);
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["--conditions=@kappa4/source", entry, ...input.words.split(" ")],
      { cwd: directoryWith(input.files ?? {}), input: input.stdin ?? "", encoding: "utf8" },
    );
    expectOneClearMessage(input, { code: status ?? -1, stdout, stderr });
  });
});

test("a file of hundreds of megabytes is refused before it is read", async () => {
  const cwd = directoryWith({ "s.json": "" });
  truncateSync(join(cwd, "s.json"), 300 * 1024 * 1024);
  const { code, stderr } = await runCli(["rebalance", "dry-run", "--snapshot", "s.json"], { cwd });
  expect(code).toBe(2);
  expect(stderr).toBe("kappa4: --snapshot: s.json is larger than 256 MiB; is it the right file?\n");
});
