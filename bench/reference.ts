import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { makeCluster } from "../packages/sdk/test/balancing/families/index.ts";
import { readReference, referenceFile } from "./bounds.ts";
import { table } from "./machine.ts";
import { solveExactly } from "./reference-solver.ts";
import { readAsked, type Scenario, type Size, scenarioName } from "./scenarios.ts";

const USUAL = ["3x60", "10x300"];
/** A scenario with no more than this between bound and best is not solved again. */
const SOLVED = 1e-3;

/**
 * Has HiGHS solve scenarios to proven bounds and saves the figures in bench/reference, beside those that were not
 * asked for: `--size 10x300 --family skew --seeds 3 --seconds 20`. So many seconds are for each part of a
 * scenario; most need few, some several minutes in all. What is solved already is kept: delete its line to solve it
 * again.
 */
export async function run(args: readonly string[]): Promise<boolean> {
  const at = args.indexOf("--seconds");
  const { values } = parseArgs({
    args: at < 0 ? [] : args.slice(at, at + 2),
    options: { seconds: { type: "string", default: "20" } },
  });
  const asked = readAsked(at < 0 ? args : args.toSpliced(at, 2), USUAL);
  const rows: (string | number)[][] = [["scenario", "bound s", "best s", "gap", "solver s"]];
  for (const size of asked.sizes) {
    const figures = readReference(size);
    for (const family of asked.families) {
      for (const seed of asked.seeds) {
        const scenario: Scenario = { family, ...size, seed };
        const name = scenarioName(scenario);
        const known = figures[name];
        const snapshot = makeCluster(family, size.nodes, size.guests, seed);
        const found =
          known !== undefined && known.gap <= SOLVED
            ? known
            : await solveExactly(snapshot, Number(values.seconds));
        figures[name] = found;
        const { bound, best, gap, solverSeconds } = found;
        const percent = `${(100 * gap).toFixed(2)} %`;
        rows.push([name, bound.toFixed(1), best.toFixed(1), percent, solverSeconds]);
        console.error(rows.at(-1)?.join("  "));
        save(size, figures);
      }
    }
  }
  console.log(table(rows));
  return true;
}

function save(size: Size, figures: Readonly<Record<string, unknown>>): void {
  mkdirSync(new URL("reference", import.meta.url), { recursive: true });
  const sorted = Object.fromEntries(Object.entries(figures).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(referenceFile(size), `${JSON.stringify(sorted, null, 2)}\n`);
}
