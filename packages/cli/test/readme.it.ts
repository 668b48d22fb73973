import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

test("the first example of the README prints what the README says", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const [, command = "", output] = /```sh\nkappa4 (.*?)\n```\n\n```\n(.*?)```/s.exec(readme) ?? [];
  const entry = fileURLToPath(new URL("../src/main.ts", import.meta.url));
  const { status, stdout } = spawnSync(
    process.execPath,
    ["--conditions=@kappa4/source", entry, ...command.split(" ")],
    {
      cwd: fileURLToPath(new URL("../../..", import.meta.url)),
      encoding: "utf8",
      env: { ...process.env, LANG: "C.UTF-8", COLUMNS: "80" },
    },
  );
  expect(status).toBe(0);
  expect(stdout).toBe(output);
});
