import type { ClusterSnapshot } from "@kappa4/connectors";
import { planRebalance, type RebalancePlan } from "@kappa4/sdk/balancing";
import { makeCluster } from "../packages/sdk/test/balancing/families/index.ts";
import { assess, type Verdict } from "../packages/sdk/test/balancing/judge.ts";
import { type Baseline, readBaseline, saveBaseline } from "./baseline.ts";
import { type Bound, boundOf } from "./bounds.ts";
import { geometricMean, slope } from "./figures.ts";
import { peakHeap } from "./heap.ts";
import { median, table } from "./machine.ts";
import { type Asked, readAsked, type Scenario, type Size, scenarioName } from "./scenarios.ts";
import { runYardstick } from "./yardstick.ts";

/** Measured when no size is asked for; `--all` has the two largest as well. */
const USUAL = ["3x60", "10x300", "32x1000"];
const ROUNDS = 9;

/** One family at one size, over all seeds. */
interface Row extends Size {
  readonly family: string;
  readonly runs: readonly Run[];
  /** Median of nine, and the same as a multiple of the yardstick, for the first seed. */
  readonly ms: number;
  readonly yardsticks: number;
  readonly heapMib: number;
}

interface Run {
  readonly scenario: Scenario;
  readonly plan: RebalancePlan;
  readonly bound: Bound;
  readonly verdict: Verdict;
}

/**
 * Plans for clusters of all families and sizes and judges the plans. Answers whether every plan has full marks:
 * target reached, rules hold, and nothing wrong on the way.
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
  console.log(growth(rows));
  for (const { scenario, verdict } of rows.flatMap(({ runs }) => runs)) {
    if (verdict.hasFullMarks) continue;
    const { violations, spread } = verdict.after;
    const why = verdict.problems[0] ?? `spread ${spread.toFixed(2)}, ${violations} violations`;
    console.log(`BROKEN ${scenarioName(scenario)}: ${why}`);
  }
  if (asked.save) save(rows);
  return rows.every(({ runs }) => runs.every(({ verdict }) => verdict.hasFullMarks));
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

const heads = [
  "family",
  "moves",
  "cost s",
  "least s",
  "from",
  "ratio",
  "worst",
  "spread",
  "violations",
  "marks",
  "ms",
  "x ref",
  "MiB",
  "cost/was",
  "time/was",
];

function cells(row: Row, baseline: Baseline): (string | number)[] {
  const { runs, ms, yardsticks, heapMib } = row;
  const sum = (of: (run: Run) => number): number => runs.reduce((all, one) => all + of(one), 0);
  const most = (of: (run: Run) => number): string => Math.max(...runs.map(of)).toFixed(1);
  const known = runs.filter(({ scenario }) => scenarioName(scenario) in baseline.costs);
  const costNow = known.reduce((all, { plan }) => all + plan.costSeconds, 0);
  const costWas = known.reduce((all, { scenario }) => {
    return all + (baseline.costs[scenarioName(scenario)] ?? 0);
  }, 0);
  const ratio = (now: number, then: number | undefined): string =>
    then === undefined || then === 0 ? "" : (now / then).toFixed(2);
  return [
    row.family,
    sum(({ plan }) => plan.moves.length),
    costOf(row).toFixed(0),
    sum(({ bound }) => bound.least).toFixed(0),
    [...new Set(runs.map(({ bound }) => bound.from))].join("+"),
    ratioOf(row)?.toFixed(3) ?? "",
    worstOf(row)?.toFixed(2) ?? "",
    `${most(({ verdict }) => verdict.before.spread)} > ${most(({ verdict }) => verdict.after.spread)}`,
    `${sum(({ verdict }) => verdict.before.violations)} > ${sum(({ verdict }) => verdict.after.violations)}`,
    `${runs.filter(({ verdict }) => verdict.hasFullMarks).length}/${runs.length}`,
    ms.toFixed(1),
    yardsticks.toFixed(2),
    heapMib.toFixed(0),
    ratio(costNow, costWas),
    ratio(yardsticks, baseline.times[key(row)]),
  ];
}

function summary(rows: readonly Row[]): string {
  const runs = rows.flatMap((row) => row.runs);
  const ratios = rows.flatMap((row) => ratioOf(row) ?? []);
  const full = runs.filter(({ verdict }) => verdict.hasFullMarks).length;
  const mean = geometricMean(ratios);
  return [
    `full marks ${full} of ${runs.length}`,
    `cost over the least, geometric mean of ${ratios.length} families with work to do: ${mean.toFixed(3)}`,
    `median time ${median(rows.map(({ ms }) => ms)).toFixed(0)} ms`,
  ].join("; ");
}

/** How time grows with nodes times guests: 1 is in proportion. */
function growth(rows: readonly Row[]): string {
  const large = rows.filter(({ nodes }) => nodes >= 10);
  const points = [...new Set(large.map(({ nodes }) => nodes))].map((nodes) => {
    const same = large.filter((row) => row.nodes === nodes);
    const { guests = 0 } = same[0] ?? {};
    return { x: nodes * guests, y: geometricMean(same.map(({ ms }) => ms)) };
  });
  if (points.length < 2) return "";
  return `\ntime grows with (nodes x guests) to the power of ${slope(points).toFixed(2)}`;
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

function key({ family, nodes, guests }: Row): string {
  return `${family}-${nodes}x${guests}`;
}

function costOf({ runs }: Row): number {
  return runs.reduce((sum, { plan }) => sum + plan.costSeconds, 0);
}

/** The same for the seed where it is largest. */
function worstOf({ runs }: Row): number | undefined {
  const ratios = runs.flatMap(({ plan, bound }) =>
    bound.least > 0 ? [plan.costSeconds / bound.least] : [],
  );
  return ratios.length > 0 ? Math.max(...ratios) : undefined;
}

/** Cost over the least there can be, all seeds added up; undefined where there is nothing to do. */
function ratioOf(row: Row): number | undefined {
  const least = row.runs.reduce((sum, { bound }) => sum + bound.least, 0);
  return least > 0 ? costOf(row) / least : undefined;
}
