import type {
  BalancingMethod,
  BalancingMode,
  ClusterSnapshot,
  GuestId,
  PlacementRule,
  PoolRule,
} from "@kappa4/connectors";
import type { RebalanceOptions } from "./options.ts";

/** Every option with its value: the caller's, else the snapshot's policy, else the documented default. */
export interface Settings {
  readonly method: BalancingMethod;
  readonly mode: BalancingMode;
  readonly balanciness: number;
  readonly cpuBalanciness: number | null;
  readonly threshold: number;
  readonly types: ReadonlySet<"vm" | "container">;
  readonly goal: "all" | "rules";
  readonly limits: Limits;
  readonly memoryReserveBytes: Readonly<Record<string, number>>;
  readonly maintenanceNodes: ReadonlySet<string>;
  readonly ignoreNodes: ReadonlySet<string>;
  readonly ignoreGuests: readonly GuestId[];
  readonly pools: Readonly<Record<string, PoolRule>>;
  readonly rules: readonly PlacementRule[];
  readonly aim: number;
  readonly effort: number;
  readonly maxMoves: number;
  readonly maxParallel: number;
  readonly maxInflowPerNode: number;
  readonly maxOutflowPerNode: number;
  readonly migrationBytesPerSecond: number;
  readonly localDiskBytesPerSecond: number;
  readonly migrationOverheadSeconds: number;
}

/** Fractions of capacity; Infinity where there is no limit. */
export interface Limits {
  readonly memoryUsed: number;
  readonly cpuUsed: number;
  readonly localStorageUsed: number;
  readonly memoryAssigned: number;
  readonly vcpuPerCore: number;
}

/** Fills in what the caller left open. */
export function resolveSettings(
  snapshot: ClusterSnapshot,
  options: RebalanceOptions = {},
): Settings {
  const policy = snapshot.policy ?? {};
  return {
    method: options.method ?? policy.method ?? "memory",
    mode: options.mode ?? policy.mode ?? "used",
    balanciness: options.balanciness ?? policy.balanciness ?? 10,
    cpuBalanciness: options.cpuBalanciness ?? policy.cpuBalanciness ?? null,
    threshold: options.threshold ?? 0,
    types: new Set(options.types ?? ["vm", "container"]),
    goal: options.goal ?? "all",
    limits: resolveLimits(snapshot, options),
    memoryReserveBytes: options.memoryReserveBytes ?? {},
    maintenanceNodes: new Set(options.maintenanceNodes),
    ignoreNodes: new Set(options.ignoreNodes),
    ignoreGuests: options.ignoreGuests ?? [],
    pools: { ...snapshot.pools, ...options.pools },
    rules: options.rules ?? [],
    aim: options.aim ?? 1,
    effort: options.effort ?? 1,
    maxMoves: options.maxMoves ?? Number.POSITIVE_INFINITY,
    maxParallel: atLeastOne(options.maxParallel ?? policy.maxParallel ?? 4),
    maxInflowPerNode: atLeastOne(options.maxInflowPerNode ?? policy.maxInflowPerNode ?? 1),
    maxOutflowPerNode: atLeastOne(options.maxOutflowPerNode ?? policy.maxOutflowPerNode ?? 2),
    migrationBytesPerSecond:
      options.migrationBytesPerSecond ?? policy.migrationBytesPerSecond ?? 1e9,
    localDiskBytesPerSecond:
      options.localDiskBytesPerSecond ?? policy.localDiskBytesPerSecond ?? 2.5e8,
    migrationOverheadSeconds:
      options.migrationOverheadSeconds ?? policy.migrationOverheadSeconds ?? 8,
  };
}

function resolveLimits(snapshot: ClusterSnapshot, options: RebalanceOptions): Limits {
  const limit = (key: keyof Limits, byDefault: number | null): number => {
    const asked = options.limits?.[key];
    const given = asked === undefined ? snapshot.policy?.limits?.[key] : asked;
    return (given === undefined ? byDefault : given) ?? Number.POSITIVE_INFINITY;
  };
  return {
    memoryUsed: limit("memoryUsed", 0.95),
    cpuUsed: limit("cpuUsed", 1),
    localStorageUsed: limit("localStorageUsed", 0.95),
    memoryAssigned: limit("memoryAssigned", null),
    vcpuPerCore: limit("vcpuPerCore", null),
  };
}

function atLeastOne(count: number): number {
  return Math.max(1, Math.floor(count));
}
