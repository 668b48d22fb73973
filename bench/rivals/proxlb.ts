import { parseArgs } from "node:util";
import type { ClusterSnapshot } from "@kappa4/connectors";
import { planRebalance, type RebalancePlan } from "@kappa4/sdk/balancing";
import { makeCluster } from "../../packages/sdk/test/balancing/families/index.ts";
import { replayMoves } from "../../packages/sdk/test/balancing/judge.ts";
import { secondsOf } from "../balancing-bound.ts";
import { table } from "../machine.ts";
import { readAsked, scenarioName } from "../scenarios.ts";
import { installProxlb, type NamedMove, PROXLB } from "./run-proxlb.ts";

const USUAL = ["10x300"];

/**
 * Has ProxLB plan for the families of the bench, on the simulator, and replays its moves with the judge that our own
 * plans have: `--family skew --size 10x300 --seconds 30`. Each scenario takes ProxLB some minutes, most of them for
 * reading the cluster. Always answers true: these are figures, not a test.
 */
export async function run(args: readonly string[]): Promise<boolean> {
  const at = args.indexOf("--seconds");
  const { values } = parseArgs({
    args: at < 0 ? [] : args.slice(at, at + 2),
    options: { seconds: { type: "string", default: "30" } },
  });
  const rest = at < 0 ? args : args.toSpliced(at, 2);
  const asked = readAsked(["--seeds", "1", ...rest], USUAL);
  const proxlb = await installProxlb();
  console.log(`${PROXLB} from PyPI; its solver has ${values.seconds} s`);
  const rows: (string | number)[][] = [];
  try {
    for (const { nodes, guests } of asked.sizes) {
      for (const family of asked.families) {
        for (const seed of asked.seeds) {
          const snapshot = makeCluster(family, nodes, guests, seed);
          const plans = await proxlb.plan(snapshot, Number(values.seconds));
          const status = `${plans.solverStatus ?? "none"} ${plans.solverSeconds.toFixed(0)} s`;
          const name = scenarioName({ family, nodes, guests, seed });
          const results = [
            [name, "Kappa4", ...judged(snapshot, planRebalance(snapshot).moves), ""],
            ["", "ProxLB", ...judged(snapshot, movesOf(snapshot, plans.own)), ""],
            ["", "its solver", ...judged(snapshot, movesOf(snapshot, plans.solver)), status],
          ];
          for (const result of results) console.error(result.join("  "));
          rows.push(...results);
        }
      }
    }
  } finally {
    proxlb.remove();
  }
  console.log(table([heads, ...rows]));
  return true;
}

const heads = [
  "scenario",
  "planner",
  "moves",
  "cost s",
  "spread",
  "violations",
  "overloads",
  "wrong moves",
  "solver",
];

/** Figures of any moves: after them, and how many of them break something on the way. */
function judged(snapshot: ClusterSnapshot, moves: RebalancePlan["moves"]): (string | number)[] {
  const { before, after, problems } = replayMoves(snapshot, moves);
  const byId = new Map(snapshot.guests.map((guest) => [guest.id, guest]));
  const seconds = moves.reduce((sum, { guest: id }) => {
    const guest = byId.get(id);
    return sum + (guest === undefined ? 0 : secondsOf(snapshot, guest));
  }, 0);
  return [
    moves.length,
    seconds.toFixed(0),
    `${before.spread.toFixed(1)} > ${after.spread.toFixed(1)}`,
    `${before.violations} > ${after.violations}`,
    after.overloads.size,
    problems.length,
  ];
}

/** Moves by name as moves of a plan, one after the other. */
function movesOf(snapshot: ClusterSnapshot, named: readonly NamedMove[]): RebalancePlan["moves"] {
  const byName = new Map(snapshot.guests.map((guest) => [guest.name, guest]));
  return named.flatMap(({ name, from, to }, wave) => {
    const guest = byName.get(name);
    if (guest === undefined) return [];
    const { id, type, memory } = guest;
    return {
      ...{ guest: id, name, type, from, to, wave, memoryBytes: memory.used },
      ...{ diskBytes: 0, seconds: 0, mode: "live" as const, reasons: [] },
    };
  });
}
