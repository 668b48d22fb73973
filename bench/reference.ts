import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { ClusterSnapshot, GuestId } from "@kappa4/connectors";
import { planRebalance } from "@kappa4/sdk/balancing";
import highsLoader from "highs";
import { makeCluster } from "../packages/sdk/test/balancing/families/index.ts";
import { leastSeconds } from "./balancing-bound.ts";
import { type ReferenceFigures, readReference, referenceFile } from "./bounds.ts";
import { table } from "./machine.ts";
import { writeMilp } from "./reference-model.ts";
import { readUnits, type Units } from "./reference-units.ts";
import { readAsked, type Scenario, scenarioName } from "./scenarios.ts";

const USUAL = ["3x60", "10x300"];
/** The package says of its types that they are CommonJS; what is loaded is its ES module. */
const loadHighs = highsLoader as unknown as typeof highsLoader.default;
/** The engine's own plan, made with more effort, is where the solver starts: it only has to prove or to beat it. */
const EFFORT = 4;

/**
 * Has HiGHS solve scenarios to proven bounds and saves the figures in bench/reference, beside those that were not
 * asked for: `--size 10x300 --family skew --seeds 3 --seconds 60`. Takes that long for each that resists.
 */
export async function run(args: readonly string[]): Promise<boolean> {
  const at = args.indexOf("--seconds");
  const { values } = parseArgs({
    args: at < 0 ? [] : args.slice(at, at + 2),
    options: { seconds: { type: "string", default: "60" } },
  });
  const asked = readAsked(at < 0 ? args : args.toSpliced(at, 2), USUAL);
  const rows: (string | number)[][] = [["scenario", "bound s", "best s", "gap", "solver s"]];
  for (const size of asked.sizes) {
    const figures = readReference(size);
    for (const family of asked.families) {
      for (const seed of asked.seeds) {
        const scenario: Scenario = { family, ...size, seed };
        const name = scenarioName(scenario);
        const found = await solve(makeCluster(family, size.nodes, size.guests, seed), values);
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

function save(size: Pick<Scenario, "nodes" | "guests">, figures: Record<string, unknown>): void {
  mkdirSync(new URL("reference", import.meta.url), { recursive: true });
  const sorted = Object.keys(figures).sort();
  const spaced = (value: unknown): string =>
    JSON.stringify(value, null, 1).replaceAll(/\n\s*/g, " ");
  const lines = sorted.map((name) => `  ${JSON.stringify(name)}: ${spaced(figures[name])}`);
  writeFileSync(referenceFile(size), `{\n${lines.join(",\n")}\n}\n`);
}

async function solve(
  snapshot: ClusterSnapshot,
  { seconds }: { readonly seconds: string },
): Promise<ReferenceFigures> {
  const units = readUnits(snapshot);
  const milp = writeMilp(snapshot, units);
  const highs = await loadHighs();
  return highs.withModel(milp.data, (model) => {
    model.options.set({ output_flag: false, time_limit: Number(seconds), mip_rel_gap: 1e-4 });
    const chosen = placesOf(snapshot, units);
    model.setSolution({
      indices: Int32Array.from(chosen, (index, u) => milp.column(u, index)),
      values: Float64Array.from(chosen, () => 1),
    });
    const startedAt = performance.now();
    model.run();
    const solverSeconds = Math.round((performance.now() - startedAt) / 100) / 10;
    const { colValue } = model.getSolution();
    const best = units.units.reduce((sum, unit, u) => {
      const values = unit.nodes.map((_, index) => Number(colValue[milp.column(u, index)] ?? 0));
      return sum + (unit.seconds[values.indexOf(Math.max(...values))] ?? 0);
    }, 0);
    const proven = Number(model.info.get("mip_dual_bound"));
    const bound = Math.min(best, Math.max(proven, leastSeconds(snapshot)));
    const gap = best > 0 ? (best - bound) / best : 0;
    return { bound: rounded(bound), best: rounded(best), gap: rounded(gap), solverSeconds };
  });
}

/** Where the engine's own plan puts each unit, as a place in its list of nodes. */
function placesOf(snapshot: ClusterSnapshot, { units }: Units): number[] {
  const at = new Map<GuestId, string>(snapshot.guests.map(({ id, node }) => [id, node]));
  for (const { guest, to } of planRebalance(snapshot, { effort: EFFORT }).moves) at.set(guest, to);
  return units.map(({ members: [first], nodes }) => {
    const name = first === undefined ? "" : at.get(first.id);
    return Math.max(
      0,
      nodes.findIndex((n) => snapshot.nodes[n]?.name === name),
    );
  });
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
