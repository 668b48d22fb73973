import type { PlanDetails, PlanInput } from "@kappa4/sdk";
import type { RebalanceOptions } from "@kappa4/sdk/balancing";

/** Writes the arguments of a dry run that would make the same plan again. */
export function typedFor({
  connection,
  input,
}: Pick<PlanDetails, "connection" | "input">): Readonly<Record<string, string>> {
  const { options = {} } = input as PlanInput;
  const words = { connection, ...wordsOf(options) };
  const given = Object.entries(words).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}

/** Writes what to type for a plan with the same arguments. */
export function sameAgain(plan: Pick<PlanDetails, "connection" | "input">): string {
  const { connection, ...options } = typedFor(plan);
  const words = Object.entries(options).map(([name, value]) => ` --${name} ${quoted(value)}`);
  return `/rebalance dry-run ${connection}${words.join("")}`;
}

function wordsOf(options: RebalanceOptions): Readonly<Record<string, unknown>> {
  return {
    method: options.method,
    mode: options.mode,
    balanciness: options.balanciness,
    "max-moves": options.maxMoves,
    maintenance: options.maintenanceNodes?.join(","),
    only: options.goal,
  };
}

function quoted(value: string): string {
  if (/^[\w.,:@/-]+$/.test(value)) return value;
  return value.includes('"') ? `'${value}'` : `"${value}"`;
}
