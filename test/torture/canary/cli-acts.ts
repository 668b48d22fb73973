import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { main } from "../../../packages/cli/src/index.ts";
import type { Canaries } from "./canaries.ts";
import { mistakes } from "./mistakes.ts";
import type { Witness } from "./witness.ts";
import type { World } from "./world.ts";

const PROGRAM = fileURLToPath(new URL("../../../packages/cli/src/main.ts", import.meta.url));
/** What the program knows of itself at its end: a report of it must not tell more than its outputs. */
const REPORT = `process.on("exit", () => console.log(JSON.stringify([process.title, process.argv, process.report.getReport()])))`;

/** Types command lines that do well and badly, as talkative as they can be. Needs the store for itself. */
export async function actInTerminal(
  world: World,
  witness: Witness,
  canaries: Canaries,
): Promise<void> {
  const { database, token, typedToken, typedPassword } = canaries;
  // What is in a file the program does not know before it has read its configuration.
  const secret = `use ${typedToken.text} or password: ${typedPassword.text}, or ${token.text}`;
  const nowhere = `postgres://kappa4:${encodeURIComponent(database.text)}@127.0.0.1:1/kappa4`;
  const broken = `postgres://kappa4:${database.text}[@127.0.0.1:port/kappa4`;
  const run = (words: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    runHere(world, witness, words, env);
  for (const connection of ["silver", "brass", "bronze", "lead", "tin", "steel"]) {
    await run(["rebalance", "dry-run", "--connection", connection, "--json"]);
  }
  await run(["doctor"]);
  await run(["doctor", "--json"]);
  await run(["rebalance", "dry-run", `--${typedToken.text}`, secret]);
  await run([typedToken.text, secret]);
  await run(["rebalance", "dry-run", secret, typedToken.text]);
  await run(["rebalance", "explain", secret, "--connection", "gold"]);
  await run(["call", typedToken.text]);
  await run(["call", "users.get", "--input", `{"user": ${secret}`]);
  await run(["call", "users.get", "--input", JSON.stringify({ user: secret })]);
  await run(["call", "audit.export"]);
  await run(["store", "check"], { DATABASE_URL: nowhere });
  await run(["call", "users.list"], { DATABASE_URL: broken });
  await run(["store", "move-to", nowhere]);
  for (const [name, text] of Object.entries(mistakes(canaries))) {
    writeFileSync(join(world.folder, `${name}.yaml`), text);
    await run(["doctor", "--config", `${name}.yaml`]);
  }
  await runAlone(world, witness, ["rebalance", "dry-run", "--connection", "lead"]);
}

/** Runs a command line in this process, over the folder and the environment of the world. */
async function runHere(
  { folder, variables, store, clock }: World,
  witness: Witness,
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const { path, url, ownerUrl } = store;
  const isFolder = path !== undefined;
  const place: Readonly<Record<string, string>> = isFolder
    ? { KAPPA4_STORE: path }
    : { DATABASE_URL: url ?? "", DATABASE_OWNER_URL: ownerUrl ?? "" };
  const output = (name: string) => ({
    isTTY: false,
    columns: 200,
    write: (written: string) => witness.see(name, written),
  });
  const code = await main(words, {
    stdout: output("stdout"),
    stderr: output("stderr"),
    stdin: { isTTY: false, text: async () => "", line: async () => undefined },
    env: { KAPPA4_DEBUG: "1", ...place, ...variables, ...env },
    cwd: folder,
    clock,
    onInterrupt: () => () => {},
  });
  witness.steps += 1;
  witness.see("stdout", `${code}\n`);
}

/** Runs a command line in a process of its own, whose environment holds the secrets. */
async function runAlone(
  { folder, variables }: World,
  witness: Witness,
  words: readonly string[],
): Promise<void> {
  const report = `data:text/javascript,${encodeURIComponent(REPORT)}`;
  const flags = ["--conditions=@kappa4/source", "--import", report];
  const child = spawn(process.execPath, [...flags, PROGRAM, ...words], {
    cwd: folder,
    env: { PATH: process.env.PATH, KAPPA4_DEBUG: "1", ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  witness.steps += 1;
  witness.see("stdout", stdout);
  witness.see("stderr", stderr);
}
