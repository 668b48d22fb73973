import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { median, table } from "./machine.ts";

const SDK: string = fileURLToPath(new URL("../packages/sdk/", import.meta.url));
const TRIES = 15;

/** Each door, and how long it may take to import, in milliseconds. */
const DOORS = [
  ["@kappa4/sdk", 60],
  ["@kappa4/sdk/balancing", 60],
] as const;

const SCRIPT = `const before = performance.now();
await import(process.argv[1]);
console.log(performance.now() - before);`;

/** How long the built packages take to import, each time in a new process. Needs `npm run build` before. */
export async function run(): Promise<boolean> {
  if (!existsSync(`${SDK}dist/index.js`)) {
    console.error("There is nothing built; `npm run build` does that.");
    return false;
  }
  const rows = DOORS.map(([door, most]) => {
    const times = Array.from({ length: TRIES }, () => timeOf(door));
    return { door, most, middle: median(times), least: Math.min(...times) };
  });
  const cells = rows.map(({ door, most, middle, least }) => {
    return [door, middle.toFixed(1), least.toFixed(1), `< ${most}`];
  });
  console.log(table([["import of", "median ms", "least ms", "has to be"], ...cells]));
  return rows.every(({ middle, most }) => middle < most);
}

/** Without the conditions of this process: what is measured is what is published. */
function timeOf(door: string): number {
  const args = ["--input-type=module", "--eval", SCRIPT, door];
  const env = { ...process.env, NODE_OPTIONS: "" };
  return Number(execFileSync(process.execPath, args, { cwd: SDK, env, encoding: "utf8" }));
}
