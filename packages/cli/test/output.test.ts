import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { SMALL } from "./support/lab.ts";
import { runCli } from "./support/run-cli.ts";

const DRY_RUN = ["rebalance", "dry-run", "--snapshot", fileURLToPath(SMALL)];
const ESCAPE = "\u001b[";

test("a pipe gets plain text, a terminal gets colour unless it is refused", async () => {
  const piped = await runCli(DRY_RUN);
  const shown = await runCli(DRY_RUN, { isTerminal: true });
  const refused = await runCli([...DRY_RUN, "--no-color"], { isTerminal: true });
  const dumb = await runCli(DRY_RUN, { isTerminal: true, env: { NO_COLOR: "1" } });
  expect(piped.stdout).not.toContain(ESCAPE);
  expect(shown.stdout).toContain(ESCAPE);
  expect(refused.stdout).not.toContain(ESCAPE);
  expect(dumb.stdout).not.toContain(ESCAPE);
});

test("no line is wider than asked for", async () => {
  const { stdout } = await runCli([...DRY_RUN, "--width", "60"]);
  const widest = Math.max(...stdout.split("\n").map((line) => line.length));
  expect(widest).toBeLessThanOrEqual(60);
});

test("a locale without UTF-8 gets ASCII", async () => {
  const { stdout } = await runCli(DRY_RUN, { env: { LANG: "C" } });
  expect([...stdout].every((character) => character.charCodeAt(0) < 128)).toBe(true);
});

test("JSON is the whole of stdout and the same plan each time, but for the time it took", async () => {
  const plans = await Promise.all([1, 2].map(() => runCli([...DRY_RUN, "--json"])));
  const [first, second] = plans.map(({ stdout }) => ({ ...JSON.parse(stdout), seconds: 0 }));
  expect(first).toEqual(second);
  expect(first.moves).not.toEqual([]);
});

test("no secret of the environment or of a known look is shown again", async () => {
  const password = "a-long-password-of-the-environment";
  const token = ["xoxb", "1234567890", "abcdef"].join("-");
  const env = { DATABASE_URL: `postgres://a:${password}@db.example.com/b`, KAPPA4_DEBUG: "1" };
  for (const words of [
    [token, password],
    [...DRY_RUN, token, password],
  ]) {
    const { code, stdout, stderr } = await runCli(words, { env });
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain("[secret]");
    expect(stdout + stderr).not.toMatch(/a-long-password|xoxb/);
  }
});

test("flags aim the plan", async () => {
  async function plan(
    ...flags: readonly string[]
  ): Promise<{ moves: { from: string; to: string }[] }> {
    return JSON.parse((await runCli([...DRY_RUN, "--json", ...flags])).stdout);
  }
  const all = await plan();
  const rules = await plan("--only", "rules");
  expect(rules.moves.length).toBeLessThan(all.moves.length);
  const drained = await plan("--maintenance", "pve2");
  expect(drained.moves.filter(({ from }) => from === "pve2").length).toBeGreaterThan(0);
  const ignored = await plan("--ignore-node", "pve3");
  expect(ignored.moves.some(({ from, to }) => from === "pve3" || to === "pve3")).toBe(false);
  expect(await plan("--method", "cpu", "--mode", "assigned")).toMatchObject({
    method: "cpu",
    mode: "assigned",
  });
});

test("exit codes tell level from planned only when asked", async () => {
  expect((await runCli(DRY_RUN)).code).toBe(0);
  expect((await runCli([...DRY_RUN, "--detailed-exit-code"])).code).toBe(10);
  expect(
    (await runCli([...DRY_RUN, "--detailed-exit-code", "--only", "rules", "--balanciness", "99"]))
      .code,
  ).toBe(10);
});

test("a snapshot comes from stdin as well", async () => {
  const { readFileSync } = await import("node:fs");
  const { code, stdout } = await runCli(["rebalance", "dry-run", "--snapshot", "-"], {
    stdin: readFileSync(SMALL, "utf8"),
  });
  expect(code).toBe(0);
  expect(stdout).toContain("cluster small");
});

test("the Slack manifest is JSON for Socket Mode, or for an address", async () => {
  const socket = JSON.parse((await runCli(["slack", "manifest", "--name", "Balancer"])).stdout);
  expect(socket).toMatchObject({
    display_information: { name: "Balancer" },
    settings: { socket_mode_enabled: true },
  });
  const url = "https://kappa4.example/slack/events";
  const http = JSON.parse((await runCli(["slack", "manifest", "--url", url])).stdout);
  expect(http.settings).toMatchObject({
    socket_mode_enabled: false,
    interactivity: { request_url: url },
  });
});

test("no name of a guest, a node or a command steers the terminal", async () => {
  const { readFileSync } = await import("node:fs");
  const snapshot = JSON.parse(readFileSync(SMALL, "utf8"));
  const evil = "pve1\u001b[2J\u009b31m\u202e";
  snapshot.meta.warnings = [`${evil} is slow`];
  snapshot.guests[0].name = evil;
  const stdin = JSON.stringify(snapshot);
  const runs = await Promise.all([
    runCli(["rebalance", "explain", "--snapshot", "-"], { stdin }),
    runCli(["rebalance", "dry-run", "--snapshot", "-", "--json"], { stdin }),
    runCli(["rebalance", "explain", evil, "--snapshot", "-", "--json"], { stdin }),
    runCli(["rebalance", "explain", `${evil}x`, "--snapshot", "-"], { stdin }),
    runCli([evil]),
  ]);
  for (const { stdout, stderr } of runs) {
    expect(stdout + stderr).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
  }
  expect(runs[0]?.stderr).toContain("is slow");
  expect(JSON.parse(runs[2]?.stdout ?? "")).toMatchObject({ name: evil });
});

test("only the first word means the command help", async () => {
  const { code, stderr } = await runCli(["rebalance", "explain", "help", "--snapshot", "-"], {
    stdin: (await import("node:fs")).readFileSync(SMALL, "utf8"),
  });
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('no guest "help"') });
});
