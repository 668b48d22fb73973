import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startProxmox } from "@kappa4/simulator";
import { expect, it, onTestFinished } from "vitest";

const TOKEN = { id: "automation@pve!kappa4", secret: "11111111-2222-4333-8444-555555555555" };

it("runs the first example of the README to its end", async () => {
  const simulator = await startProxmox({ tokens: [TOKEN], timeScale: 600 });
  const store = mkdtempSync(join(tmpdir(), "kappa4-example-"));
  onTestFinished(() => rmSync(store, { recursive: true, force: true }));
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const [, example = ""] = /```ts\n(.*?)```/s.exec(readme) ?? [];
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--conditions=@kappa4/source", "--input-type=module-typescript", "--eval", example],
      {
        cwd: fileURLToPath(new URL("..", import.meta.url)),
        env: {
          ...process.env,
          PVE_URL: simulator.url,
          PVE_TOKEN: `${TOKEN.id}=${TOKEN.secret}`,
          PVE_FINGERPRINT: simulator.fingerprint,
          KAPPA4_STORE: store,
        },
      },
    );
    expect(stdout).toMatch(/^\d+ moves: spread [\d.]+ to [\d.]+ points/);
    expect(stdout.trimEnd()).toMatch(/succeeded$/);
    expect(simulator.moves.length).toBeGreaterThan(0);
  } finally {
    await simulator.close();
  }
});
