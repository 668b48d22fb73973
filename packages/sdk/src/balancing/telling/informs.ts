import type { Conflict } from "../plan.ts";

/** Mistakes in the text of rules and options, and what the figures leave out. */
const INFORMING: readonly Conflict["code"][] = [
  "pin-unknown-node",
  "rule-unknown-guest",
  "option-unknown-name",
  "node-offline",
  "own-balancer",
];

/** Tells conflicts that are only told from those that make a plan partial. */
export function informs({ code }: Pick<Conflict, "code">): boolean {
  return INFORMING.includes(code);
}
