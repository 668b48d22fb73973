import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openLab, SMALL } from "./support/lab.ts";

const ENTRY = fileURLToPath(new URL("../src/main.ts", import.meta.url));

function start(
  words: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env?: NodeJS.ProcessEnv;
    readonly node?: readonly string[];
  } = {},
): ChildProcessWithoutNullStreams {
  const args = ["--conditions=@kappa4/source", ...(options.node ?? []), ENTRY, ...words];
  return spawn(process.execPath, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
  });
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  return text;
}

test("a reader that goes away ends nothing with an error", async () => {
  const child = start(["rebalance", "dry-run", "--json", "--snapshot", fileURLToPath(SMALL)]);
  child.stdout.destroy();
  const stderr = await textOf(child.stderr);
  const [code] = child.exitCode === null ? await once(child, "exit") : [child.exitCode];
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});

test("help and version load neither connectors nor chat libraries nor the SDK", async () => {
  const trace = `data:text/javascript,${encodeURIComponent(`
    import { registerHooks } from "node:module";
    registerHooks({ load(url, context, next) { process.stderr.write(url + "\\n"); return next(url, context); } });
  `)}`;
  for (const words of [["--help"], ["help", "rebalance", "apply"], ["version"]]) {
    const child = start(words, { node: ["--import", trace] });
    const [stdout, loaded] = await Promise.all([textOf(child.stdout), textOf(child.stderr)]);
    expect(stdout).not.toBe("");
    const packages = loaded
      .split("\n")
      .filter((url) => /node_modules|packages\/(sdk|bot|connectors)/.test(url));
    expect(packages).toEqual([]);
  }
});

test("planning for a file loads no provider and no chat library", async () => {
  const trace = `data:text/javascript,${encodeURIComponent(`
    import { registerHooks } from "node:module";
    registerHooks({ load(url, context, next) { process.stderr.write(url + "\\n"); return next(url, context); } });
  `)}`;
  const child = start(["rebalance", "dry-run", "--snapshot", fileURLToPath(SMALL)], {
    node: ["--import", trace],
  });
  const [, loaded] = await Promise.all([textOf(child.stdout), textOf(child.stderr)]);
  const heavy = loaded
    .split("\n")
    .filter((url) => /@slack|\/undici\/|\/ky\/|providers\//.test(url));
  expect(heavy).toEqual([]);
});

test.each([
  ["Ctrl-C", ["SIGINT"]],
  ["a service manager that asks several times", ["SIGTERM", "SIGTERM"]],
  ["a terminal that goes away", ["SIGHUP"]],
] as const)("%s: the move under way is followed to its end", async (_name, signals) => {
  const lab = await openLab({ timeScale: 40 });
  const env = { PVE_TOKEN: "automation@pve!kappa4=7c1f4a3e-0d52-4b1e-9f0a-2f6f1f0c9d11" };
  const child = start(["rebalance", "apply", "--yes", "--max-parallel", "1"], {
    cwd: lab.directory,
    env,
  });
  let stdout = "";
  for await (const chunk of child.stdout) {
    const isFirst = !stdout.includes("running:");
    stdout += String(chunk);
    if (isFirst && stdout.includes("running:")) for (const signal of signals) child.kill(signal);
  }
  const [code] = child.exitCode === null ? await once(child, "exit") : [child.exitCode];
  expect(code).toBe(130);
  expect(stdout).toMatch(/done: [\w-]+ pve/);
  expect(lab.simulator.moves).toHaveLength(1);
});

test("a report of the process leaves its environment out", async () => {
  const report = `data:text/javascript,${encodeURIComponent(
    'process.on("exit", () => console.log(JSON.stringify(process.report.getReport())));',
  )}`;
  const env = { PVE_TOKEN: "a-secret-of-the-environment" };
  const child = start(["version"], { env, node: ["--import", report] });
  const stdout = await textOf(child.stdout);
  expect(stdout).toContain('"reportVersion"');
  expect(stdout).not.toContain(env.PVE_TOKEN);
});
