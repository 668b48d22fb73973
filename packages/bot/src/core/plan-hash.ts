import type { RebalancePlan } from "@kappa4/sdk/balancing";
import { sha256 } from "./ids.ts";

/**
 * Returns what identifies a plan: SHA-256 over its JSON with sorted keys, without how long planning took.
 * Two plans with the same hash do exactly the same for the same reasons.
 */
export function planHash(plan: RebalancePlan): string {
  const { seconds: _, ...content } = plan;
  return sha256(canonical(content));
}

/** Writes JSON with the keys of every object sorted, as RFC 8785 does for the values that plans hold. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const pairs = Object.entries(value)
    .filter(([, entry]) => entry !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry)}`);
  return `{${pairs.join(",")}}`;
}
