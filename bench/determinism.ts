import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { planRebalance } from "@kappa4/sdk/balancing";
import { families, makeCluster } from "../packages/sdk/test/balancing/families/index.ts";
import { shuffledCluster } from "../packages/sdk/test/balancing/random-cluster.ts";
import { table } from "./machine.ts";

const SIZES = [
  [3, 60],
  [10, 300],
  [32, 1000],
] as const;
const SEEDS = [1, 2];
/** Releases of Node that the same plans must come out of. */
const NODES = ["22", "24", "26"];

/**
 * Plans for all families, as listed and shuffled, and hashes the plans; then has other releases of Node, fetched
 * from npm, do the same. Answers whether all of it is the same to the byte. With `--here` only this Node plans.
 */
export async function run(args: readonly string[]): Promise<boolean> {
  const mine = hashes();
  if (args.includes("--here")) {
    console.log(JSON.stringify(mine));
    return mine.isOrderless;
  }
  const all = NODES.map(hashesOf);
  const rows = [mine, ...all].map(({ node, hash, isOrderless }) => [
    node,
    hash.slice(0, 16),
    isOrderless ? "yes" : "NO",
  ]);
  console.log(table([["node", "hash of all plans", "same in any order"], ...rows]));
  const isSame = all.every(({ hash }) => hash === mine.hash);
  console.log(`${isSame ? "holds" : "BROKEN"}: the same plans to the byte on every Node`);
  return isSame && [mine, ...all].every(({ isOrderless }) => isOrderless);
}

interface Hashes {
  readonly node: string;
  readonly hash: string;
  readonly isOrderless: boolean;
}

function hashes(): Hashes {
  const hash = createHash("sha256");
  let isOrderless = true;
  for (const family of Object.keys(families)) {
    for (const [nodes, guests] of SIZES) {
      for (const seed of SEEDS) {
        const snapshot = makeCluster(family, nodes, guests, seed);
        const plan = JSON.stringify(planRebalance(snapshot));
        hash.update(plan);
        const again = JSON.stringify(planRebalance(shuffledCluster(snapshot, seed)));
        isOrderless &&= again === plan;
      }
    }
  }
  return { node: process.versions.node, hash: hash.digest("hex"), isOrderless };
}

function hashesOf(release: string): Hashes {
  const isMac = process.platform === "darwin" && process.arch === "arm64";
  const platform = process.platform === "win32" ? "win" : process.platform;
  const name = `node-${isMac ? "bin-" : ""}${platform}-${process.arch}@${release}`;
  const main = fileURLToPath(new URL("main.ts", import.meta.url));
  const command = ["node", "--conditions=@kappa4/source", main, "determinism", "--here"];
  const { stdout, stderr, status } = spawnSync(
    "npx",
    ["--yes", "--loglevel=error", `--package=${name}`, "--", ...command],
    { encoding: "utf8", shell: process.platform === "win32" },
  );
  if (status !== 0) throw new Error(`Node ${release} did not plan: ${stderr}`);
  const line = stdout.split("\n").find((one) => one.startsWith("{"));
  if (line === undefined) throw new Error(`Node ${release} said nothing of its plans.`);
  return JSON.parse(line);
}
