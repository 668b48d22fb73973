import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const SIMULATOR = "run --silent simulator -- proxmox --listen 127.0.0.1:0";
const DRY = "run --silent kappa4 -- rebalance dry-run --json --snapshot";

/** Starts npm as somebody does who types it in a folder of the repository. */
function npm(words: string, folder = ""): ChildProcessWithoutNullStreams {
  const { npm_lifecycle_event: _event, INIT_CWD: _typed, ...env } = process.env;
  return spawn("npm", words.split(" "), { cwd: `${root}${folder}`, env });
}

async function ended(child: ChildProcessWithoutNullStreams) {
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data) => (stdout += data));
  child.stderr.on("data", (data) => (stderr += data));
  const [code] = await once(child, "close");
  return { code, stdout, stderr };
}

describe("under npm run", () => {
  test.each([
    ["", "examples/snapshots/small.json"],
    ["scripts", "../examples/snapshots/small.json"],
    ["docs", "../examples/snapshots/small.json"],
    ["examples", "snapshots/small.json"],
    ["bench", "../examples/snapshots/small.json"],
    ["packages/sdk", "../../examples/snapshots/small.json"],
  ])("paths count from where the command was typed: /%s", async (folder, path) => {
    const { code, stdout, stderr } = await ended(npm(`${DRY} ${path}`, folder));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ cluster: "small" });
  });

  test.each([
    [
      "run --silent example",
      /^Name a file: npm run --silent example -- examples\/rebalance\.ts\n$/,
    ],
    ["run --silent example -- nope.ts", /^There is no file nope\.ts in .*\.\n$/],
  ])("%s is told in one line", async (words, message) => {
    const { code, stdout, stderr } = await ended(npm(words));
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
  });

  test("an example that fails shows the error and no stack", async () => {
    const { code, stderr } = await ended(npm("run --silent example -- examples/rebalance.ts"));
    expect(code).toBe(1);
    expect(stderr).toContain("connections.gold.endpoints.0");
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test.skipIf(process.platform === "win32")("SIGTERM to npm ends the simulator", async () => {
    const child = npm(SIMULATOR);
    onTestFinished(() => {
      child.kill("SIGKILL");
    });
    const [line] = await once(child.stdout, "data");
    const { port } = new URL(/https:\S+/.exec(String(line))?.[0] ?? "");
    child.kill("SIGTERM");
    // Standard output is open for as long as the simulator runs.
    await once(child, "close");
    const socket = connect(Number(port), "127.0.0.1");
    const [error] = await once(socket, "error");
    expect(error).toMatchObject({ code: "ECONNREFUSED" });
  });
});
