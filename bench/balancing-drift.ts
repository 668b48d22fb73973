import { parseArgs } from "node:util";
import type { ClusterSnapshot } from "@kappa4/connectors";
import { createHistory, measureBalance, planRebalance } from "@kappa4/sdk/balancing";
import { Dice } from "../packages/sdk/test/balancing/dice.ts";
import { type Drift, drift } from "../packages/sdk/test/balancing/drift.ts";
import { families, makeCluster } from "../packages/sdk/test/balancing/families/index.ts";
import { carryOut, wander } from "../packages/sdk/test/balancing/wander.ts";
import { table } from "./machine.ts";

const NODES = 10;
const GUESTS = 300;
const TICKS = 48;
const MOST_LATER_MOVES = 12;
/** Families that need no more moves once they are in order, unless they would be above their target without. */
const AT_REST = ["level", "drain"];

/**
 * Lets the use of every guest wander for 48 ticks and plans at each of them, the history carried along. Answers
 * whether no guest goes to and fro, little is moved once the cluster is in order, and no tick ends above a target
 * that a plan could have reached. `--seeds 3` wanders for each family, `--step 0.01` far in a tick, `--aim 0.65`.
 */
export async function run(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: "string", default: "3" },
      step: { type: "string", default: "0.01" },
      aim: { type: "string" },
    },
  });
  const step = Number(values.step);
  const aim = values.aim === undefined ? undefined : Number(values.aim);
  const rows: (string | number)[][] = [];
  const all: Drift[] = [];
  let holds = true;
  for (const family of Object.keys(families)) {
    for (let seed = 1; seed <= Number(values.seeds); seed++) {
      const cluster = makeCluster(family, NODES, GUESTS, seed);
      const seen = drift(cluster, { ticks: TICKS, step, seed, aim });
      all.push(seen);
      const rests = AT_REST.includes(family) && !needsMoves(cluster, step, seed);
      const wrong = complaints(seen, rests ? 0 : MOST_LATER_MOVES);
      holds &&= wrong.length === 0;
      rows.push([`${family} ${seed}`, ...figures(seen), wrong.join(", ") || "holds"]);
    }
  }
  console.log(`${NODES} nodes, ${GUESTS} guests, ${TICKS} ticks, ${100 * step} % a tick\n`);
  console.log(table([heads, ...rows, ["all", ...figures(total(all)), ""]]));
  const bars = `no guest goes back within 12 ticks, at most ${MOST_LATER_MOVES} moves after tick 3, none for ${AT_REST.join(" and ")} where the target holds without, no tick above a target that could be reached`;
  console.log(`${holds ? "holds" : "BROKEN"}: ${bars}`);
  return holds;
}

const heads = [
  "family",
  "moves to tick 3",
  "after",
  "triggered",
  "to and fro",
  "above",
  "avoidable",
  "cost s",
  "",
];

function figures(seen: Drift): readonly (string | number)[] {
  const { firstMoves, laterMoves, triggered, pingPong, above, avoidable, costSeconds } = seen;
  return [firstMoves, laterMoves, triggered, pingPong, above, avoidable, costSeconds.toFixed(0)];
}

function total(all: readonly Drift[]): Drift {
  const sum = (of: (one: Drift) => number): number =>
    all.reduce((before, one) => before + of(one), 0);
  return {
    firstMoves: sum((one) => one.firstMoves),
    laterMoves: sum((one) => one.laterMoves),
    pingPong: sum((one) => one.pingPong),
    above: sum((one) => one.above),
    avoidable: sum((one) => one.avoidable),
    triggered: sum((one) => one.triggered),
    violations: sum((one) => one.violations),
    costSeconds: sum((one) => one.costSeconds),
  };
}

/** Whether a cluster that is put in order once and then left alone comes above its target while it wanders. */
function needsMoves(start: ClusterSnapshot, step: number, seed: number): boolean {
  const dice = new Dice(seed);
  let snapshot = carryOut(start, planRebalance(start, { history: createHistory() }));
  for (let tick = 0; tick < TICKS; tick++) {
    if (measureBalance(snapshot).spread > (start.policy?.balanciness ?? 10)) return true;
    snapshot = wander(snapshot, dice, step);
  }
  return false;
}

function complaints(seen: Drift, most: number): readonly string[] {
  return [
    ...(seen.pingPong > 0 ? ["to and fro"] : []),
    ...(seen.laterMoves > most ? [`more than ${most} moves`] : []),
    ...(seen.avoidable > 0 ? ["above target"] : []),
    ...(seen.violations > 0 ? ["rules broken"] : []),
  ];
}
