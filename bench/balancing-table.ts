import type { RebalancePlan } from "@kappa4/sdk/balancing";
import type { Verdict } from "../packages/sdk/test/balancing/judge.ts";
import type { Baseline } from "./baseline.ts";
import type { Bound } from "./bounds.ts";
import { geometricMean, slope } from "./figures.ts";
import { median } from "./machine.ts";
import { type Scenario, type Size, scenarioName } from "./scenarios.ts";

/** One family at one size, over all seeds. */
export interface Row extends Size {
  readonly family: string;
  readonly runs: readonly Run[];
  /** Median of nine, and the same as a multiple of the yardstick, for the first seed. */
  readonly ms: number;
  readonly yardsticks: number;
  readonly heapMib: number;
}

/** One scenario: what was planned, and what comes of it. */
export interface Run {
  readonly scenario: Scenario;
  readonly plan: RebalancePlan;
  readonly bound: Bound;
  readonly verdict: Verdict;
}

/** Heads of the columns. */
export const heads: readonly string[] = [
  "family",
  "seeds",
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

/** One row of the table, compared with the baseline. */
export function cells(row: Row, baseline: Baseline): (string | number)[] {
  const { runs, ms, yardsticks, heapMib } = row;
  const compared = bestKnown(row);
  const most = (of: (run: Run) => number): string => Math.max(...runs.map(of)).toFixed(1);
  const known = runs.filter(({ scenario }) => scenarioName(scenario) in baseline.costs);
  const costNow = sum(known, costOf);
  const costWas = known.reduce((all, { scenario }) => {
    return all + (baseline.costs[scenarioName(scenario)] ?? 0);
  }, 0);
  const ratio = (now: number, then: number | undefined): string =>
    then === undefined || then === 0 ? "" : (now / then).toFixed(2);
  return [
    row.family,
    compared.length,
    sum(compared, ({ plan }) => plan.moves.length),
    sum(compared, costOf).toFixed(0),
    sum(compared, leastOf).toFixed(0),
    [...new Set(compared.map(({ bound }) => bound.from))].join(),
    ratioOf(row)?.toFixed(3) ?? "",
    worstOf(row)?.toFixed(2) ?? "",
    `${most(({ verdict }) => verdict.before.spread)} > ${most(({ verdict }) => verdict.after.spread)}`,
    `${sum(runs, ({ verdict }) => verdict.before.violations)} > ${sum(runs, ({ verdict }) => verdict.after.violations)}`,
    `${runs.filter(({ verdict }) => verdict.hasFullMarks).length}/${runs.length}`,
    ms.toFixed(1),
    yardsticks.toFixed(2),
    heapMib.toFixed(0),
    ratio(costNow, costWas),
    ratio(yardsticks, baseline.times[key(row)]),
  ];
}

/** What is to be said of all rows of a size. */
export function summary(rows: readonly Row[]): string {
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

/** The power of (nodes times guests) that time grows with: 1 is in proportion; undefined where there is one size. */
export function growthOf(rows: readonly Row[]): number | undefined {
  const large = rows.filter(({ nodes }) => nodes >= 10);
  const points = [...new Set(large.map(({ nodes }) => nodes))].map((nodes) => {
    const same = large.filter((row) => row.nodes === nodes);
    const { guests = 0 } = same[0] ?? {};
    return { x: nodes * guests, y: geometricMean(same.map(({ yardsticks }) => yardsticks)) };
  });
  return points.length < 2 ? undefined : slope(points);
}

/** What a row is called in the baseline. */
export function key({ family, nodes, guests }: Row): string {
  return `${family}-${nodes}x${guests}`;
}

/** Cost over the least there can be, seeds added up; undefined where there is nothing to do. */
export function ratioOf(row: Row): number | undefined {
  const runs = bestKnown(row);
  const least = sum(runs, leastOf);
  return least > 0 ? sum(runs, costOf) / least : undefined;
}

/** The same where the least is proven, rules and all. */
export function provenRatio(row: Row): number | undefined {
  return row.runs.some(({ bound }) => bound.from !== "sum") ? ratioOf(row) : undefined;
}

function sum(runs: readonly Run[], of: (run: Run) => number): number {
  return runs.reduce((all, one) => all + of(one), 0);
}

function costOf({ plan }: Run): number {
  return plan.costSeconds;
}

function leastOf({ bound }: Run): number {
  return bound.least;
}

/** Cost over the least for the seed where it is largest. */
function worstOf(row: Row): number | undefined {
  const ratios = bestKnown(row).flatMap(({ plan, bound }) =>
    bound.least > 0 ? [plan.costSeconds / bound.least] : [],
  );
  return ratios.length > 0 ? Math.max(...ratios) : undefined;
}

/** The runs whose least is exact, or all where none is: moves, costs and ratios of a row are about these. */
function bestKnown({ runs }: Row): readonly Run[] {
  const exact = runs.filter(({ bound }) => bound.from !== "sum");
  return exact.length > 0 ? exact : runs;
}
