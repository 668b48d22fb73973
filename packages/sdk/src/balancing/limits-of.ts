import type { BalancingLimits, ClusterSnapshot } from "@kappa4/connectors";
import { type Limits, resolveSettings } from "./model/settings.ts";
import type { RebalanceOptions } from "./options.ts";

/**
 * Returns the limits that a plan for a cluster would keep: those of the options, else of the snapshot, else the
 * defaults. Null says that there is no limit.
 *
 * @example
 * const { memoryUsed } = limitsOf(snapshot);
 */
export function limitsOf(
  snapshot: ClusterSnapshot,
  options: RebalanceOptions = {},
): BalancingLimits {
  return writtenLimits(resolveSettings(snapshot, options).limits);
}

/** JSON has no infinity: null says that there is no limit. */
export function writtenLimits(limits: Limits): BalancingLimits {
  const orNull = (limit: number): number | null => (Number.isFinite(limit) ? limit : null);
  return {
    memoryUsed: orNull(limits.memoryUsed),
    cpuUsed: orNull(limits.cpuUsed),
    localStorageUsed: orNull(limits.localStorageUsed),
    memoryAssigned: orNull(limits.memoryAssigned),
    vcpuPerCore: orNull(limits.vcpuPerCore),
  };
}
