import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startProxmox } from "@kappa4/simulator";
import { expect, it, onTestFinished } from "vitest";

const TOKEN = { id: "automation@pve!kappa4", secret: "11111111-2222-4333-8444-555555555555" };

/** Runs an example as a user does: a process of its own. */
async function run(
  example: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly output: string }> {
  const file = fileURLToPath(new URL(example, import.meta.url));
  const child = spawn(
    process.execPath,
    ["--conditions=@kappa4/source", "--stack-trace-limit=0", file],
    {
      env: { ...process.env, ...env },
    },
  );
  let output = "";
  child.stdout.on("data", (data) => (output += data));
  child.stderr.on("data", (data) => (output += data));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, output };
}

it("levels a cluster in at most fifteen lines of code", async () => {
  const simulator = await startProxmox({ tokens: [TOKEN], timeScale: 600 });
  const store = mkdtempSync(join(tmpdir(), "kappa4-example-"));
  onTestFinished(() => rmSync(store, { recursive: true, force: true }));
  try {
    const { code, output } = await run("rebalance.ts", {
      PVE_URL: simulator.url,
      PVE_TOKEN: `${TOKEN.id}=${TOKEN.secret}`,
      PVE_FINGERPRINT: simulator.fingerprint,
      KAPPA4_STORE: store,
    });
    expect(output).toMatch(/succeeded: spread [\d.]+ -> [\d.]+ points/);
    expect(code).toBe(0);
    expect(simulator.moves.length).toBeGreaterThan(0);
  } finally {
    await simulator.close();
  }
  const source = readFileSync(new URL("rebalance.ts", import.meta.url), "utf8");
  expect(source.split("\n").filter((line) => line.trim() !== "").length).toBeLessThanOrEqual(15);
});

it("shows the main job in the demo, from reading to the measured result", async () => {
  const { code, output } = await run("demo.ts");
  expect(code, output).toBe(0);
  expect(output).toContain("dry run");
  expect(output).toContain("Your cluster:");
});
