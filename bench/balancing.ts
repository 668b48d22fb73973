import type { ClusterSnapshot } from "@kappa4/connectors";
import { planRebalance } from "@kappa4/sdk/balancing";
import { makeCluster } from "../packages/sdk/test/balancing/families/index.ts";
import { assess } from "../packages/sdk/test/balancing/judge.ts";
import { checkBars } from "./balancing-bars.ts";
import { cells, growthOf, heads, key, type Row, type Run, summary } from "./balancing-table.ts";
import { readBaseline, saveBaseline } from "./baseline.ts";
import { boundOf } from "./bounds.ts";
import { peakHeap } from "./heap.ts";
import { median, table } from "./machine.ts";
import { type Asked, readAsked, type Size, scenarioName } from "./scenarios.ts";
import { runYardstick } from "./yardstick.ts";

/** Measured when no size is asked for; `--all` has the two largest as well. */
const USUAL = ["3x60", "10x300", "32x1000"];
const ROUNDS = 9;

/**
 * Plans for clusters of all families and sizes and judges the plans. Answers whether every plan has full marks (target
 * reached, rules hold, and nothing wrong on the way) and cost, time and heap are within their bars.
 */
export async function run(args: readonly string[]): Promise<boolean> {
  const asked = readAsked(args, USUAL);
  const baseline = readBaseline();
  const rows: Row[] = [];
  for (const size of asked.sizes) {
    const ofSize = asked.families.map((family) => measure(family, size, asked));
    rows.push(...ofSize);
    console.log(`\n${size.nodes} nodes, ${size.guests} guests, ${asked.seeds.length} seeds\n`);
    console.log(table([heads, ...ofSize.map((row) => cells(row, baseline))]));
    console.log(`\n${summary(ofSize)}`);
  }
  const growth = growthOf(rows);
  if (growth !== undefined) {
    console.log(`\ntime grows with (nodes x guests) to the power of ${growth.toFixed(2)}`);
  }
  const bars = checkBars(rows, baseline);
  console.log(`\n${bars.join("\n")}`);
  for (const { scenario, verdict } of rows.flatMap(({ runs }) => runs)) {
    if (verdict.hasFullMarks) continue;
    const { violations, spread } = verdict.after;
    const why = verdict.problems[0] ?? `spread ${spread.toFixed(2)}, ${violations} violations`;
    console.log(`BROKEN ${scenarioName(scenario)}: ${why}`);
  }
  if (asked.save) save(rows);
  const hasFullMarks = rows.every(({ runs }) => runs.every(({ verdict }) => verdict.hasFullMarks));
  return hasFullMarks && bars.every((bar) => bar.startsWith("holds"));
}

function measure(family: string, size: Size, { seeds }: Asked): Row {
  const runs = seeds.map((seed): Run => {
    const scenario = { family, ...size, seed };
    const snapshot = makeCluster(family, size.nodes, size.guests, seed);
    const plan = planRebalance(snapshot);
    const bound = boundOf(scenario, snapshot);
    return { scenario, plan, bound, verdict: assess(snapshot, plan) };
  });
  const snapshot = makeCluster(family, size.nodes, size.guests, seeds[0] ?? 1);
  return { family, ...size, runs, ...timeOf(snapshot) };
}

function timeOf(snapshot: ClusterSnapshot): Pick<Row, "ms" | "yardsticks" | "heapMib"> {
  const times: number[] = [];
  const yardsticks: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    yardsticks.push(runYardstick());
    const startedAt = performance.now();
    planRebalance(snapshot);
    times.push(performance.now() - startedAt);
  }
  const ms = median(times);
  const heapMib = peakHeap(() => planRebalance(snapshot));
  return { ms, yardsticks: ms / median(yardsticks), heapMib };
}

function save(rows: readonly Row[]): void {
  const runs = rows.flatMap((row) => row.runs);
  saveBaseline({
    costs: Object.fromEntries(
      runs.map(({ scenario, plan }) => [scenarioName(scenario), plan.costSeconds]),
    ),
    times: Object.fromEntries(rows.map((row) => [key(row), row.yardsticks])),
  });
}
