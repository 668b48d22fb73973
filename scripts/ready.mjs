// Turns a fresh machine into a running command: `node scripts/ready.mjs [--here] <command> [arguments]`.
// With --here the command runs where the person typed it, which npm tells in INIT_CWD, else in this repository.
// Plain JavaScript that any Node from 18 on reads: it fetches, from the npm registry alone, what is missing (the pinned
// pnpm; where the running Node is too old for TypeScript sources, a Node binary; the packages), then runs the command.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync, utimesSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const NODE_FALLBACK = "26.10.0";

/** How often is looked whether npm is still there. */
const WATCH_MS = 500;

const root = fileURLToPath(new URL("..", import.meta.url));
const isWindows = process.platform === "win32";
const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

const binaries = [join(root, "node_modules", ".bin"), dirname(nodePath())];
process.env.PATH = [...binaries, process.env.PATH].join(delimiter);
const marker = join(root, "node_modules", ".modules.yaml");
if (!isInstalled()) install();
const [option, ...others] = process.argv.slice(2);
if (option === "--here") {
  const here = process.env.INIT_CWD ?? process.cwd();
  run(withPlaces(others, here), here);
} else {
  run(withPnpm(process.argv.slice(2)), root);
}

/** Package runners end at a signal and leave the command behind; so none stands between it and the terminal. */
function run([program, ...args], cwd) {
  const child = spawn(program, args, { cwd, stdio: "inherit", shell: isWindows });
  endWithNpm(child);
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

/** npm passes a signal to its shell, and the shell to nobody: that the shell is gone is all there is to see of it. */
function endWithNpm(child) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const shell = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(watch);
    child.kill("SIGTERM");
  }, WATCH_MS);
  watch.unref();
}

/** The file to run lies in this repository, or where the person is; all other paths count from there alone. */
function withPlaces(command, here) {
  const at = command.findIndex((word, index) => index > 0 && !word.startsWith("-"));
  if (at === -1) refuse("Name a file: npm run --silent example -- examples/rebalance.ts");
  const file = [here, root].map((place) => resolve(place, command[at])).find(existsSync);
  if (file === undefined) refuse(`There is no file ${command[at]} in ${here}.`);
  return [...command.slice(0, at), file, ...command.slice(at + 1)];
}

function refuse(message) {
  console.error(message);
  process.exit(2);
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
