import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openLab } from "./support/lab.ts";
import { runCli } from "./support/run-cli.ts";

describe("actions", () => {
  test("lists every action, and describes one for programs", async () => {
    const { code, stdout } = await runCli(["actions"]);
    expect(code).toBe(0);
    for (const name of ["rebalance.plan", "approvals.approve", "runs.watch"]) {
      expect(stdout).toContain(name);
    }
    const { stdout: json } = await runCli(["actions", "runs.get", "--json"]);
    expect(JSON.parse(json)).toMatchObject([
      { name: "runs.get", kind: "read", permission: "runs.read", input: { required: ["run"] } },
    ]);
  });

  test("guesses what was meant", async () => {
    const { code, stderr } = await runCli(["actions", "runs.lst"]);
    expect(code).toBe(2);
    expect(stderr).toContain("there is no action runs.lst; did you mean runs.list?");
  });
});

describe("call", () => {
  test("makes a plan, carries it out, and prints how it ended", async () => {
    const lab = await openLab({ timeScale: 60 });
    const planned = await lab.run("call rebalance.plan");
    expect(planned.code).toBe(0);
    const { shortId, content } = JSON.parse(planned.stdout);
    expect(content.moves.length).toBeGreaterThan(0);
    expect(lab.writes()).toBe(0);
    const input = JSON.stringify({ plan: shortId });
    const applied = await lab.run(`call rebalance.apply --wait --input ${input}`);
    expect(applied.code).toBe(0);
    expect(JSON.parse(applied.stdout)).toMatchObject({ state: "succeeded" });
    expect(lab.simulator.moves).toHaveLength(content.moves.length);
  });

  test("what was carried out stands in the status and in the history, for people and programs", async () => {
    const lab = await openLab({ timeScale: 60 });
    await lab.run("rebalance apply --yes");
    const { stdout: shown } = await lab.run("rebalance status --width 200");
    expect(shown).toMatch(/Under way +nothing\n/);
    expect(shown).toMatch(/Last +R-\w{4}, succeeded, (\d+) of \1 moves, ended /);
    const [standing] = JSON.parse((await lab.run("rebalance status --json")).stdout);
    expect(standing).toMatchObject({ last: { state: "succeeded" }, plan: { state: "consumed" } });
    const { stdout: listed } = await lab.run("rebalance history --width 200");
    expect(listed).toMatch(new RegExp(`${standing.last.shortId}.*Succeeded.*local`));
    expect((await lab.run("rebalance status --connection nowhere")).code).not.toBe(0);
    expect((await lab.run("rebalance history --limit none")).code).toBe(2);
  });

  test("exports the record as a file that verifies", async () => {
    const lab = await openLab({ timeScale: 60 });
    await lab.run("rebalance apply --yes");
    const { stdout } = await lab.run("call audit.export");
    writeFileSync(join(lab.directory, "record.jsonl"), stdout);
    const { code, stdout: verdict } = await lab.run("audit verify record.jsonl");
    expect(code, verdict).toBe(0);
    expect(stdout).toMatch(/via\W+terminal/);
  });

  test("says what is wrong with the input, and opens nothing", async () => {
    const lab = await openLab();
    const cases = [
      ["call runs.lst", "there is no action runs.lst; did you mean runs.list?"],
      ["call close", "there is no action close"],
      ["call runs.get --input {x", "--input: is no JSON"],
      ['call runs.get --input {"rn":"R-11CD"}', "rn: unknown key; did you mean run?"],
    ] as const;
    for (const [line, message] of cases) {
      const { code, stderr } = await lab.run(line);
      expect(code, line).toBe(2);
      expect(stderr, line).toContain(message);
    }
  });
});
