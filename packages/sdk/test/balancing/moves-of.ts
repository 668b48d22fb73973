import type { ClusterSnapshot } from "@kappa4/connectors";
import { expect } from "vitest";
import { planRebalance, type RebalanceOptions } from "../../src/balancing/index.ts";
import { judge } from "./judge.ts";

/** Plans, checks that nothing is wrong with the plan, and returns its moves: `100 pve1 pve2`. */
export function movesOf(
  snapshot: ClusterSnapshot,
  options: RebalanceOptions = {},
): readonly string[] {
  const plan = planRebalance(snapshot, options);
  expect(judge(snapshot, plan, options)).toEqual([]);
  return plan.moves.map(({ guest, from, to }) => `${guest} ${from} ${to}`);
}
