import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { ClusterSnapshot } from "@kappa4/connectors";
import { planRebalance } from "@kappa4/sdk/balancing";
import { makeCluster } from "../packages/sdk/test/balancing/families/index.ts";
import { assess } from "../packages/sdk/test/balancing/judge.ts";
import { table } from "./machine.ts";
import { scenarioName } from "./scenarios.ts";
import { countTradeoff, type Tradeoff } from "./tradeoff-bound.ts";

/** Families without rules and without disks of the nodes' own. */
const FAMILIES = ["skew", "hot", "newnode", "hetero"];
const SIZE = { nodes: 100, guests: 5000 };
/** What is asked of a plan at the same time, as parts of the fewest bytes and of the least seconds counted apart. */
const BYTES = 1.03;
const SECONDS = 1.1;

/**
 * Proves what any plan for a large cluster without rules takes, and how seconds and bytes stand against each other.
 * `--seeds 3`; snapshot files may be named instead. Answers whether all plans have full marks.
 */
export async function run(args: readonly string[]): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { seeds: { type: "string", default: "3" } },
    allowPositionals: true,
  });
  const clusters = positionals.length > 0 ? readAll(positionals) : makeAll(Number(values.seeds));
  const rows: (string | number)[][] = [];
  let holds = true;
  for (const [name, snapshot] of clusters) {
    const plan = planRebalance(snapshot);
    const bytes = plan.moves.reduce((sum, move) => sum + move.memoryBytes, 0);
    const bound = countTradeoff(snapshot);
    holds &&= assess(snapshot, plan).hasFullMarks;
    const { apart } = bound;
    rows.push([
      name,
      plan.costSeconds.toFixed(0),
      (plan.costSeconds / apart).toFixed(3),
      (leastSeconds(bound, Number.POSITIVE_INFINITY) / apart).toFixed(3),
      (bytes / bound.bytes).toFixed(3),
      (leastSeconds(bound, BYTES * bound.bytes) / apart).toFixed(3),
      (fewestBytes(bound, SECONDS * apart) / bound.bytes).toFixed(3),
    ]);
  }
  const heads = [
    "cluster",
    "cost s",
    "x apart",
    "no plan below",
    "x bytes",
    `least at ${BYTES} bytes`,
    `bytes at ${SECONDS} apart`,
  ];
  console.log(table([heads, ...rows]));
  return holds;
}

/** Below this no plan costs that moves so few bytes. */
function leastSeconds({ cells }: Tradeoff, bytesAtMost: number): number {
  return Math.min(
    ...cells.filter(({ bytes }) => bytes <= bytesAtMost).map(({ seconds }) => seconds),
  );
}

/** So many bytes every plan moves that costs no more; none where no plan costs so little. */
function fewestBytes({ cells }: Tradeoff, secondsAtMost: number): number {
  return Math.min(
    ...cells.filter(({ seconds }) => seconds <= secondsAtMost).map(({ bytes }) => bytes),
  );
}

function* makeAll(seeds: number): Iterable<readonly [string, ClusterSnapshot]> {
  for (const family of FAMILIES) {
    for (let seed = 1; seed <= seeds; seed++) {
      const name = scenarioName({ family, ...SIZE, seed });
      yield [name, makeCluster(family, SIZE.nodes, SIZE.guests, seed)];
    }
  }
}

function* readAll(files: readonly string[]): Iterable<readonly [string, ClusterSnapshot]> {
  for (const file of files) {
    const snapshot: ClusterSnapshot = JSON.parse(readFileSync(file, "utf8"));
    yield [file.split("/").at(-1) ?? file, snapshot];
  }
}
