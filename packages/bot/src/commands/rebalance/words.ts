import type { MoveStatus } from "@kappa4/sdk";
import type { Balance, BlockedGuest, NodeChoice, RebalancePlan } from "@kappa4/sdk/balancing";
import { percent } from "../../view/format.ts";

/** Returns what a plan levels, as it reads in a sentence: `memory`, `assigned cores`, `disk pressure`. */
export function loadName(plan: Pick<RebalancePlan, "method" | "mode">): string {
  const resource = plan.method === "cpu" ? "CPU" : plan.method;
  if (plan.mode === "assigned") return `assigned ${plan.method === "cpu" ? "cores" : resource}`;
  return plan.mode === "psi" ? `${resource} pressure` : resource;
}

/** Says what keeps a guest, where it is said already that it stays: engines write `license stays: it is pinned`. */
export function obstacleOf({ name, message }: Pick<BlockedGuest, "name" | "message">): string {
  const opening = `${name} stays: `;
  return message.startsWith(opening) ? message.slice(opening.length) : message;
}

/** Writes the load of a node with a guest on it; a dash where nobody knows it. */
export function loadText({ load }: Pick<NodeChoice, "load">): string {
  return load === null ? "-" : percent(load);
}

/** Returns the highest load among the nodes that take part. */
function busiest(balance: Balance): number {
  return Math.max(0, ...balance.nodes.filter(({ active }) => active).map(({ load }) => load));
}

/** Returns `from 91 % to 68 % memory`, or undefined when the busiest node is no better off. */
export function busiestChange(
  plan: Pick<RebalancePlan, "method" | "mode">,
  before: Balance,
  after: Balance,
): string | undefined {
  const [from, to] = [percent(busiest(before)), percent(busiest(after))];
  if (busiest(after) >= busiest(before) || from === to) return undefined;
  return `from ${from} to ${to} ${loadName(plan)}`;
}

/** Counts the moves of a run by where they stand. */
export function tally(moves: readonly MoveStatus[]): Readonly<Record<MoveStatus["state"], number>> {
  const counts = { waiting: 0, running: 0, done: 0, failed: 0, skipped: 0, unknown: 0 };
  for (const { state } of moves) counts[state] += 1;
  return counts;
}
