import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { OpenStoreOptions } from "../../../packages/sdk/src/store/index.ts";

/** What one process of several said. */
export interface Started {
  readonly applied?: readonly string[];
  readonly orgs?: readonly string[];
  readonly refused?: string;
}

const starter = fileURLToPath(new URL("./starter.ts", import.meta.url));

/** Starts so many processes, gives all of them the word in one moment, and returns what each said. */
export async function startAtOnce(
  count: number,
  options: OpenStoreOptions,
): Promise<readonly Started[]> {
  const args = ["--conditions=@kappa4/source", starter, JSON.stringify(options)];
  const children = Array.from({ length: count }, () => {
    const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
    return { child, lines: linesOf(child) };
  });
  for (const { lines } of children) await lines.next();
  for (const { child } of children) child.stdin?.write("go\n");
  const answers = await Promise.all(children.map(async ({ lines }) => (await lines.next()).value));
  for (const { child } of children) child.stdin?.write("leave\n");
  await Promise.all(children.map(({ child }) => ended(child)));
  return answers.map((answer) => JSON.parse(answer ?? '{"refused":"it said nothing"}'));
}

function linesOf({ stdout }: ChildProcess): AsyncIterator<string, undefined> {
  if (stdout === null) throw new Error("The process has no standard output.");
  return createInterface({ input: stdout })[Symbol.asyncIterator]();
}

function ended(child: ChildProcess): Promise<unknown> {
  if (child.exitCode !== null) return Promise.resolve();
  // Whoever was refused does not read any more.
  child.stdin?.on("error", () => {});
  return new Promise((resolve) => child.once("close", resolve));
}
