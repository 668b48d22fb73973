import type {
  BalancingMethod,
  BalancingMode,
  ClusterSnapshot,
  GuestId,
  PlacementRule,
  PoolRule,
} from "@kappa4/connectors";
import { DEFAULT_COOLDOWN_MINUTES, type RebalanceHistory } from "../history.ts";
import type { RebalanceOptions } from "../options.ts";
import { requireAmounts } from "./amounts.ts";

/** Every option with its value: the caller's, else the snapshot's policy, else the documented default. */
export interface Settings {
  readonly method: BalancingMethod;
  readonly mode: BalancingMode;
  readonly balanciness: number;
  /** Targets besides that of the method, in percentage points. */
  readonly targets: ReadonlyMap<BalancingMethod, number>;
  readonly threshold: number;
  readonly thresholds: Readonly<Partial<Record<BalancingMethod, number | undefined>>>;
  readonly types: ReadonlySet<"vm" | "container">;
  readonly goal: "all" | "rules";
  readonly failover: "ignore" | "report" | "keep" | "restore";
  readonly limits: Limits;
  readonly memoryReserveBytes: Readonly<Record<string, number>>;
  readonly maintenanceNodes: ReadonlySet<string>;
  readonly ignoreNodes: ReadonlySet<string>;
  readonly ignoreGuests: readonly GuestId[];
  readonly pools: Readonly<Record<string, PoolRule>>;
  readonly rules: readonly PlacementRule[];
  readonly aim: number;
  readonly history: RebalanceHistory | undefined;
  readonly now: Date | undefined;
  readonly cooldownMs: number;
  readonly effort: number;
  readonly maxMoves: number;
  readonly maxMoveBytes: number;
  readonly maxSeconds: number;
  readonly maxParallel: number;
  readonly maxInflowPerNode: number;
  readonly maxOutflowPerNode: number;
  readonly migrationBytesPerSecond: number;
  readonly localDiskBytesPerSecond: number;
  readonly migrationOverheadSeconds: number;
  readonly dirtyFactor: number;
  readonly restartSeconds: number;
}

/** How far levelling goes when plans are made again and again: the next fluctuation does not trigger it again. */
const RECURRING_AIM = 0.65;

/** Fractions of capacity; Infinity where there is no limit. */
export interface Limits {
  readonly memoryUsed: number;
  readonly cpuUsed: number;
  readonly localStorageUsed: number;
  readonly memoryAssigned: number;
  readonly vcpuPerCore: number;
}

/** Fills in what the caller left open. Throws `RangeError` for an amount that is none. */
export function resolveSettings(
  snapshot: ClusterSnapshot,
  options: RebalanceOptions = {},
): Settings {
  requireAmounts(options);
  const policy = snapshot.policy ?? {};
  return {
    method: options.method ?? policy.method ?? "memory",
    mode: options.mode ?? policy.mode ?? "used",
    balanciness: options.balanciness ?? policy.balanciness ?? 10,
    targets: furtherTargets(snapshot, options),
    threshold: options.threshold ?? 0,
    thresholds: options.thresholds ?? {},
    types: new Set(options.types ?? ["vm", "container"]),
    goal: options.goal ?? "all",
    failover: options.failover ?? "ignore",
    limits: resolveLimits(snapshot, options),
    memoryReserveBytes: options.memoryReserveBytes ?? {},
    maintenanceNodes: new Set(options.maintenanceNodes),
    ignoreNodes: new Set(options.ignoreNodes),
    ignoreGuests: options.ignoreGuests ?? [],
    pools: { ...snapshot.pools, ...options.pools },
    rules: options.rules ?? [],
    aim: Math.min(1, options.aim ?? (options.history === undefined ? 1 : RECURRING_AIM)),
    history: options.history,
    now: options.now,
    cooldownMs: 60_000 * (options.cooldownMinutes ?? DEFAULT_COOLDOWN_MINUTES),
    effort: options.effort ?? 1,
    maxMoves: options.maxMoves ?? Number.POSITIVE_INFINITY,
    maxMoveBytes: options.maxMoveBytes ?? Number.POSITIVE_INFINITY,
    maxSeconds: 60 * (options.maxMinutes ?? Number.POSITIVE_INFINITY),
    maxParallel: atLeastOne(options.maxParallel ?? policy.maxParallel ?? 4),
    maxInflowPerNode: atLeastOne(options.maxInflowPerNode ?? policy.maxInflowPerNode ?? 1),
    maxOutflowPerNode: atLeastOne(options.maxOutflowPerNode ?? policy.maxOutflowPerNode ?? 2),
    migrationBytesPerSecond:
      options.migrationBytesPerSecond ?? policy.migrationBytesPerSecond ?? 1e9,
    localDiskBytesPerSecond:
      options.localDiskBytesPerSecond ?? policy.localDiskBytesPerSecond ?? 2.5e8,
    migrationOverheadSeconds:
      options.migrationOverheadSeconds ?? policy.migrationOverheadSeconds ?? 8,
    dirtyFactor: options.dirtyFactor ?? 1,
    restartSeconds: options.restartSeconds ?? 0,
  };
}

function furtherTargets(
  { policy }: ClusterSnapshot,
  options: RebalanceOptions,
): ReadonlyMap<BalancingMethod, number> {
  // A snapshot from a file may say null for none.
  const cpu = options.cpuBalanciness ?? policy?.cpuBalanciness ?? undefined;
  const given = { ...options.targets, cpu: options.targets?.cpu ?? cpu };
  const targets = new Map<BalancingMethod, number>();
  for (const method of ["memory", "cpu", "disk"] as const) {
    const points = given[method];
    if (points !== undefined) targets.set(method, points);
  }
  return targets;
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
