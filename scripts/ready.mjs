// Turns a fresh machine into a running command: `node scripts/ready.mjs <command> [arguments]`.
// Plain JavaScript that any Node from 18 on reads: it fetches, from the npm registry alone, what is missing (the pinned
// pnpm; where the running Node is too old for TypeScript sources, a Node binary; the packages), then runs the command.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync, utimesSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NODE_FALLBACK = "26.10.0";

const root = fileURLToPath(new URL("..", import.meta.url));
const isWindows = process.platform === "win32";
const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

const binaries = [join(root, "node_modules", ".bin"), dirname(nodePath())];
process.env.PATH = [...binaries, process.env.PATH].join(delimiter);
const marker = join(root, "node_modules", ".modules.yaml");
if (!isInstalled()) install();
run(withPnpm(process.argv.slice(2)));

/** Package runners end at a signal and leave the command behind; so none stands between it and the terminal. */
function run([program, ...args]) {
  const child = spawn(program, args, { cwd: root, stdio: "inherit", shell: isWindows });
  // A terminal sends Ctrl-C to the command as well; what comes of it is the command's to decide.
  process.on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", ({ message }) => {
    console.error(`ready: ${message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/** Standard output belongs to the command: `--json` must stay clean on the very first run. */
function prepare([program, ...args], stdout) {
  const stdio = ["ignore", stdout, "inherit"];
  const result = spawnSync(program, args, { cwd: root, stdio, encoding: "utf8", shell: isWindows });
  if (result.error) throw result.error;
  if (result.status !== 0) process.exit(result.status ?? 1);
  return result.stdout;
}

function nodePath() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  const platform = isWindows ? "win" : process.platform;
  const prefix = platform === "darwin" && process.arch === "arm64" ? "node-bin" : "node";
  const name = `${prefix}-${platform}-${process.arch}@${NODE_FALLBACK}`;
  return prepare(throughNpx(name, ["node", "-p", "process.execPath"]), "pipe").trim();
}

/** Inside pnpm's own scripts it is on the PATH already. */
function withPnpm(command) {
  const isThere = process.env.npm_config_user_agent?.startsWith("pnpm/") ?? false;
  return command[0] === "pnpm" && !isThere ? throughNpx(packageManager, command) : command;
}

function throughNpx(name, command) {
  const flags = ["--yes", "--prefer-offline", "--loglevel=error", `--package=${name}`];
  return ["npx", ...flags, "--", ...command];
}

function install() {
  prepare(withPnpm(["pnpm", "install", "--frozen-lockfile"]), 2);
  // Where nothing was missing, pnpm leaves the marker as old as it was, and the next run would install again.
  utimesSync(marker, new Date(), new Date());
}

function isInstalled() {
  const lockfile = join(root, "pnpm-lock.yaml");
  return existsSync(marker) && statSync(marker).mtimeMs >= statSync(lockfile).mtimeMs;
}
