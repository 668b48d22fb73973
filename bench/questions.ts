import { prepareCluster } from "@kappa4/sdk/balancing";
import { makeCluster } from "../packages/sdk/test/balancing/families/index.ts";
import { median, table } from "./machine.ts";
import { readAsked } from "./scenarios.ts";
import { runYardstick } from "./yardstick.ts";

const USUAL = ["10x300", "100x5000", "300x15000"];
const ROUNDS = 9;
const GIB = 2 ** 30;
/** Milliseconds that the best node and N+1 may take at the largest size, on a machine with nothing else to do. */
const BEST_NODE = 5;
const FAILOVER = 200;

/**
 * How long it takes to make a snapshot ready, to find the best node for a guest under all rules, and to check what
 * becomes of the guests of every node if it fails. Answers whether the last two are as fast as they have to be.
 */
export async function run(args: readonly string[]): Promise<boolean> {
  const { sizes, families } = readAsked(["--family", "mixed", ...args], USUAL);
  const rows: (string | number)[][] = [
    ["cluster", "ready ms", "best node ms", "best for new ms", "N+1 ms", "reference ms"],
  ];
  let isFast = true;
  for (const { nodes, guests } of sizes) {
    for (const family of families) {
      const snapshot = makeCluster(family, nodes, guests, 1);
      const cluster = prepareCluster(snapshot);
      const request = { memoryBytes: 4 * GIB, cores: 2, tags: ["plb_anti_affinity_ha1"] };
      const ids = snapshot.guests.slice(0, ROUNDS).map(({ id }) => id);
      // Some things are worked out at the first question, whoever asks it.
      cluster.bestNode(request);
      const best = timesOf((round) => cluster.bestNode(ids[round] ?? 100));
      const forNew = timesOf(() => cluster.bestNode(request));
      const failover = timesOf(() => cluster.failover());
      isFast &&= best <= BEST_NODE && forNew <= BEST_NODE && failover <= FAILOVER;
      const ready = timesOf(() => prepareCluster(snapshot));
      const reference = timesOf(() => runYardstick());
      const figures = [ready, best, forNew, failover, reference].map((ms) => ms.toFixed(2));
      rows.push([`${family} ${nodes}x${guests}`, ...figures]);
    }
  }
  console.log(table(rows));
  console.log(
    `${isFast ? "holds" : "BROKEN"}: best node within ${BEST_NODE} ms, N+1 within ${FAILOVER} ms`,
  );
  return isFast;
}

function timesOf(work: (round: number) => unknown): number {
  const times = Array.from({ length: ROUNDS }, (_, round) => {
    const startedAt = performance.now();
    work(round);
    return performance.now() - startedAt;
  });
  return median(times);
}
