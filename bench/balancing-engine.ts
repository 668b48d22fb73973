import { readFileSync } from "node:fs";
import type { ClusterSnapshot } from "@kappa4/connectors";
import { planRebalance } from "@kappa4/sdk/balancing";

// Plans for one snapshot file and prints the plan: the form in which balancing benches start an engine.
const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error("usage: balancing-engine.ts SNAPSHOT.json");
  process.exit(2);
}
const snapshot = JSON.parse(readFileSync(file, "utf8")) as ClusterSnapshot;
const startedAt = performance.now();
const plan = planRebalance(snapshot);
const seconds = (performance.now() - startedAt) / 1000;
console.log(JSON.stringify({ ...plan, seconds }));
