import { describe, expect, test } from "vitest";
import { commands } from "../src/commands/index.ts";
import { EXIT } from "../src/exit-codes.ts";
import { runCli } from "./support/run-cli.ts";

test("without a word the overview goes to stderr, and the exit code says that nothing was done", async () => {
  const { code, stdout, stderr } = await runCli([]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  for (const { name, summary } of commands) {
    expect(stderr).toContain(name);
    expect(stderr).toContain(summary);
  }
});

test.each([[["help"]], [["--help"]], [["-h"]]])("%s prints the overview", async (words) => {
  const { code, stdout } = await runCli(words);
  expect(code).toBe(0);
  expect(stdout).toContain("Usage: kappa4 <command> [flags]");
  for (const code of Object.values(EXIT)) expect(stdout).toMatch(new RegExp(`\\b${code}\\b`));
});

test.each([[["version"]], [["--version"]], [["-V"]]])("%s prints the version", async (words) => {
  const { code, stdout } = await runCli(words);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test("a family of commands has an overview of its own", async () => {
  const { stdout } = await runCli(["help", "rebalance"]);
  expect(stdout).toContain("rebalance best-node");
  expect(stdout).not.toContain("doctor");
});

test.each(["whatif", "store", "rebalance"])(
  "help %s goes on with a command of its own",
  async (name) => {
    const { stdout } = await runCli(["help", name]);
    const first = commands.find((command) => command.name.startsWith(`${name} `));
    expect(stdout).toContain(`More about one:  kappa4 help ${first?.name}\n`);
  },
);

test("snapshot takes --json: what it prints is JSON", async () => {
  const { stderr } = await runCli(["snapshot", "--json"]);
  expect(stderr).toContain("No configuration");
  expect(stderr).not.toContain("unknown flag");
});

test("a mistyped action is told before a missing configuration", async () => {
  const { code, stderr } = await runCli(["call", "runs.lst"]);
  expect(code).toBe(2);
  expect(stderr).toContain("there is no action runs.lst; did you mean runs.list?");
});

describe("each command", () => {
  test.each(commands.map((command) => [command.name, command] as const))(
    "%s: help has every flag and example",
    async (name, command) => {
      const words = name.split(" ");
      const asked = await runCli(["help", ...words]);
      const flagged = await runCli([...words, "--help"]);
      expect(asked.stdout).toBe(flagged.stdout);
      expect(asked.stdout).toContain(command.summary);
      for (const flag of Object.keys(command.flags)) expect(asked.stdout).toContain(`--${flag}`);
      for (const example of command.examples) expect(asked.stdout).toContain(`kappa4 ${example}`);
    },
  );

  test.each(commands.map((command) => [command.name, command] as const))(
    "%s: its examples use flags that it has",
    (_name, command) => {
      for (const example of command.examples) {
        const used = [...example.matchAll(/ --([\w-]+)/g)].map(([, flag]) => flag);
        for (const flag of used) expect(Object.keys(command.flags)).toContain(flag);
      }
    },
  );
});

test("help for something that is not there is the error of the command itself", async () => {
  const { code, stderr } = await runCli(["help", "rebalnce"]);
  expect(code).toBe(2);
  expect(stderr).toContain("no such command");
});
