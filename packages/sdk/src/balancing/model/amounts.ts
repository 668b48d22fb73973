import type { RebalanceOptions } from "../options.ts";

/** What is divided by. */
const RATES: ReadonlySet<string> = new Set(["migrationBytesPerSecond", "localDiskBytesPerSecond"]);
/** Options that have amounts in them, by name. */
const GROUPS = ["limits", "targets", "thresholds", "memoryReserveBytes"] as const;

/**
 * Refuses numbers that no calculation comes to an end with: NaN and what is below 0, and rates of 0. Throws `RangeError`
 * with the option's name.
 */
export function requireAmounts(options: RebalanceOptions): void {
  requireAll(options, "");
  for (const group of GROUPS) requireAll(options[group] ?? {}, `${group}.`);
}

function requireAll(amounts: object, prefix: string): void {
  for (const [name, amount] of Object.entries(amounts)) {
    if (typeof amount !== "number") continue;
    const isRate = RATES.has(name);
    if (isRate ? amount > 0 : amount >= 0) continue;
    const wanted = isRate ? "above 0" : "0 or more";
    throw new RangeError(`${prefix}${name} has to be ${wanted} and is ${amount}.`);
  }
}
