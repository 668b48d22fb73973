// Turns a fresh machine into a running command: `node scripts/ready.mjs <command> [arguments]`.
// Plain JavaScript that any Node from 18 on reads: it fetches, from the npm registry alone, the pinned pnpm
// and, where the running Node is too old for TypeScript sources, a Node binary; then it installs and runs.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const NODE_FALLBACK = "26.10.0";
const NODE_MINIMUM = [22, 18];

const root = fileURLToPath(new URL("..", import.meta.url));
const { packageManager } = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
);
const [major, minor] = process.versions.node.split(".").map(Number);
const nodeIsNewEnough =
  major > NODE_MINIMUM[0] || (major === NODE_MINIMUM[0] && minor >= NODE_MINIMUM[1]);
const startedByPnpm = process.env.npm_config_user_agent?.startsWith("pnpm/") ?? false;

// The installer's progress goes to standard error: `--json` output must stay clean on the very first run.
if (!isInstalled()) exitUnlessOk(run(["pnpm", "install", "--frozen-lockfile"], ["ignore", 2, 2]));
process.exitCode = run(process.argv.slice(2), "inherit");

function run(command, stdio) {
  const [program, ...args] = nodeIsNewEnough && startedByPnpm ? command : throughNpx(command);
  const result = spawnSync(program, args, {
    cwd: root,
    stdio,
    shell: process.platform === "win32",
  });
  if (result.error) throw result.error;
  return result.status ?? 1;
}

function throughNpx(command) {
  const packages = nodeIsNewEnough ? [packageManager] : [packageManager, nodePackage()];
  const flags = ["--yes", "--prefer-offline", "--loglevel=error"];
  const own = command[0] === "pnpm" ? command : ["pnpm", "exec", ...command];
  return ["npx", ...flags, ...packages.map((name) => `--package=${name}`), "--", ...own];
}

function isInstalled() {
  const marker = new URL("../node_modules/.modules.yaml", import.meta.url);
  const lockfile = new URL("../pnpm-lock.yaml", import.meta.url);
  return existsSync(marker) && statSync(marker).mtimeMs >= statSync(lockfile).mtimeMs;
}

function nodePackage() {
  const platform = process.platform === "win32" ? "win" : process.platform;
  const prefix = platform === "darwin" && process.arch === "arm64" ? "node-bin" : "node";
  return `${prefix}-${platform}-${process.arch}@${NODE_FALLBACK}`;
}

function exitUnlessOk(status) {
  if (status !== 0) process.exit(status);
}
