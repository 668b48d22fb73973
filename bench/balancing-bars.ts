import { families } from "../packages/sdk/test/balancing/families/index.ts";
import { growthOf, key, provenRatio, type Row, ratioOf } from "./balancing-table.ts";
import type { Baseline } from "./baseline.ts";
import { geometricMean } from "./figures.ts";
import { median } from "./machine.ts";
import { scenarioName } from "./scenarios.ts";

/** A figure and what it may be at most. */
interface Bar {
  readonly what: string;
  readonly is: number;
  readonly most: number;
}

/** By size: mean cost of all families over the proven least, and median time as a multiple of the reference. */
const MEAN_COST: Readonly<Record<string, number>> = { "3x60": 1.03, "10x300": 1.04 };
const TIME: Readonly<Record<string, number>> = {
  "3x60": 0.32,
  "10x300": 1.6,
  "32x1000": 6.4,
  "100x5000": 19,
  "300x15000": 64,
};
/** A machine that does other things beside is slower by so much, at worst. */
const TIME_SLACK = 1.5;
/** Cost of one family over the least there can be: with a proven least, and in large clusters by arithmetic. */
const FAMILY_COST = 1.1;
const CPUHOT_COST = 1.25;
const LARGE_COST: Readonly<Record<string, number>> = {
  skew: 1.1,
  hot: 1.1,
  hetero: 1.1,
  newnode: 1.2,
  drain: 1.001,
};
const LARGE_NODES = 100;
/** Mean cost over what was saved last, where no least is proven. */
const COST_OVER_SAVED = 1.03;
const HEAP_MIB = 300;
const GROWTH = 1.1;

/**
 * Compares what was measured with what it may be at most, a line for each bar. Of the cost of families it names the one
 * that is closest to its bar. What is said of all families is looked at
 * only where all were measured.
 */
export function checkBars(rows: readonly Row[], baseline: Baseline): readonly string[] {
  const sizes = new Map<string, Row[]>();
  for (const row of rows) {
    const size = `${row.nodes}x${row.guests}`;
    sizes.set(size, [...(sizes.get(size) ?? []), row]);
  }
  const bars = [...sizes].flatMap(([size, ofSize]) => [
    ...closest(ofSize.flatMap(costOfFamily)),
    { what: `heap in MiB, ${size}`, is: Math.max(...ofSize.map(heap)), most: HEAP_MIB },
    ...(ofSize.length === Object.keys(families).length ? ofAll(size, ofSize, baseline) : []),
  ]);
  const growth = growthOf(rows);
  const isWide = sizes.has("10x300") && sizes.has("300x15000");
  if (isWide && growth !== undefined) bars.push({ what: "growth", is: growth, most: GROWTH });
  return bars.map(({ what, is, most }) => {
    const verdict = is <= most ? "holds" : "BROKEN";
    return `${verdict}: ${what} ${Number(is.toFixed(3))}, at most ${Number(most.toFixed(3))}`;
  });
}

function ofAll(size: string, rows: readonly Row[], baseline: Baseline): readonly Bar[] {
  const bars: Bar[] = [];
  const ratios = rows.flatMap((row) => provenRatio(row) ?? []);
  const mean = MEAN_COST[size];
  if (mean !== undefined && ratios.length > 0) {
    bars.push({ what: `mean cost over the least, ${size}`, is: geometricMean(ratios), most: mean });
  }
  const overSaved = rows.flatMap((row) => costOverSaved(row, baseline) ?? []);
  if (mean === undefined && overSaved.length > 0) {
    const is = geometricMean(overSaved);
    bars.push({ what: `mean cost over what was saved, ${size}`, is, most: COST_OVER_SAVED });
  }
  const time = TIME[size];
  if (time !== undefined) {
    const is = median(rows.map(({ yardsticks }) => yardsticks));
    bars.push({ what: `median time over the reference, ${size}`, is, most: time * TIME_SLACK });
  }
  return bars;
}

function costOfFamily(row: Row): readonly Bar[] {
  const isLarge = row.nodes >= LARGE_NODES;
  const is = isLarge ? ratioOf(row) : provenRatio(row);
  const proven = row.family === "cpuhot" ? CPUHOT_COST : FAMILY_COST;
  const most = isLarge ? LARGE_COST[row.family] : proven;
  if (is === undefined || most === undefined) return [];
  return [{ what: `cost over the least, ${key(row)}`, is, most }];
}

/** The bar that is held by least, or missed by most: it speaks for the rest. */
function closest(bars: readonly Bar[]): readonly Bar[] {
  return bars.toSorted((a, b) => b.is / b.most - a.is / a.most).slice(0, 1);
}

/** Undefined where nothing was saved, or nothing is to be done. */
function costOverSaved({ runs }: Row, { costs }: Baseline): number | undefined {
  let [now, then] = [0, 0];
  for (const { plan, scenario } of runs) {
    const saved = costs[scenarioName(scenario)];
    if (saved === undefined) continue;
    now += plan.costSeconds;
    then += saved;
  }
  return then > 0 ? now / then : undefined;
}

function heap({ heapMib }: Row): number {
  return heapMib;
}
