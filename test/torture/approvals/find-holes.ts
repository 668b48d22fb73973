import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { TortureOptions } from "../main.ts";
import { printTable } from "../tally.ts";
import { callsIn } from "./fuzz-actions.ts";
import { PLANTED_HOLES } from "./holes.ts";
import type { Hunted } from "./hunt.ts";

const HUNT = fileURLToPath(new URL("hunt.ts", import.meta.url));

/** Some holes take a story that happens once in thousands of calls; most are found by some dozens. */
const LONGEST_HUNT = 10_000;

/** The same fuzz, of a Kappa4 with one hole at a time, in a process of its own, until it has found it. */
export async function findHoles(options: TortureOptions): Promise<void> {
  const { seed, tally, database } = options;
  const calls = String(Math.max(LONGEST_HUNT, callsIn(options)));
  const hunting = spawn(
    process.execPath,
    ["--conditions=@kappa4/source", HUNT, String(seed), calls, database ?? ""],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const rows: (readonly unknown[])[] = [];
  let found = 0;
  for await (const line of createInterface({ input: hunting.stdout })) {
    const { name, calls, complaint } = JSON.parse(line) as Hunted;
    found += complaint === undefined ? 0 : 1;
    tally.check(complaint !== undefined, () => `"${name}" was not found in ${calls} calls`);
    rows.push([name, calls, complaint?.replace(/^pln_\w+,? /, "") ?? "MISSED"]);
  }
  printTable(["Planted", "found after calls", "as"], rows);
  console.log(`\nplanted holes found: ${found} of ${PLANTED_HOLES.length}`);
  tally.check(rows.length === PLANTED_HOLES.length, () => `${rows.length} holes were hunted for`);
}
