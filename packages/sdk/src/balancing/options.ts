import type {
  BalancingLimits,
  BalancingMethod,
  BalancingMode,
  GuestId,
  PlacementRule,
  PoolRule,
} from "@kappa4/connectors";
import type { RebalanceHistory } from "./history.ts";

/**
 * What a rebalance aims at and what it must respect. Each field wins over the snapshot's own policy;
 * what neither gives has the default named here. The words are ProxLB's where ProxLB has the thing.
 * Numbers are 0 or more, rates above 0: the engine throws `RangeError` with the name of an option that is not.
 */
export interface RebalanceOptions {
  /** Which resource is levelled. Default `memory`. */
  readonly method?: BalancingMethod | undefined;
  /** What counts as load. Default `used`. */
  readonly mode?: BalancingMode | undefined;
  /** Allowed difference between fullest and emptiest active node, in percentage points. Default 10. */
  readonly balanciness?: number | undefined;
  /** A second target for CPU, in percentage points. Default: none. */
  readonly cpuBalanciness?: number | undefined;
  /** Further resources to level by their use, in percentage points each. Default none. */
  readonly targets?: Readonly<Partial<Record<BalancingMethod, number | undefined>>> | undefined;
  /** Do not level while every node's load is below this fraction; rules and drains are still served. Default 0. */
  readonly threshold?: number | undefined;
  /** The same for the second and further targets, by resource; each target waits for its own. Default 0. */
  readonly thresholds?: Readonly<Partial<Record<BalancingMethod, number | undefined>>> | undefined;
  /** Which guests may be moved to level. Default both. Rules and drains move both anyway. */
  readonly types?: readonly ("vm" | "container")[] | undefined;
  /** `all`: rules, drains and levelling; `rules`: repair rules and drain only. Default `all`. */
  readonly goal?: "all" | "rules" | undefined;
  /**
   * Whether the guests of any one node would find a place on the others if it failed (N+1). `ignore`: not looked at;
   * `report`: told in `conflicts` where they would not; `keep`: a plan does not give up for a target or a wish what
   * holds now; `restore`: it also moves guests so that it holds again. Default `ignore`.
   */
  readonly failover?: "ignore" | "report" | "keep" | "restore" | undefined;
  /** Fractions of capacity a plan may not exceed. Default 0.95 memory, 1.0 CPU, 0.95 local storage, no overcommit limits. */
  readonly limits?: BalancingLimits | undefined;
  /** Bytes kept free on a node, by node name; `defaults` is for all others. Default none. */
  readonly memoryReserveBytes?: Readonly<Record<string, number>> | undefined;
  /** Nodes to empty, besides those that the snapshot marks. */
  readonly maintenanceNodes?: readonly string[] | undefined;
  /** Nodes that are neither source nor target, besides those that the snapshot marks. */
  readonly ignoreNodes?: readonly string[] | undefined;
  /** Guests that stay, by id or name, besides those with an ignore tag. */
  readonly ignoreGuests?: readonly GuestId[] | undefined;
  /** Placement rules by pool; each replaces the snapshot's entry for that pool. */
  readonly pools?: Readonly<Record<string, PoolRule>> | undefined;
  /** Further rules in normal form. */
  readonly rules?: readonly PlacementRule[] | undefined;
  /**
   * Once levelling is triggered, how far it goes: this fraction of `balanciness` (and of `cpuBalanciness`).
   * Below 1 the next fluctuation does not trigger again; every tenth costs migration time. Where the cluster
   * cannot be brought that far, the target itself counts. More than 1 counts as 1. Default 0.65 when `history` is given, else 1.
   */
  readonly aim?: number | undefined;
  /** What was moved before, from `recordMoves`: for plans that are made again and again. Default none. */
  readonly history?: RebalanceHistory | undefined;
  /** The time, for what the history says. Default: that of the last move in it. */
  readonly now?: Date | undefined;
  /** Minutes for which a guest is not moved to level again. Needs `history`; 0 for none. Default 60. */
  readonly cooldownMinutes?: number | undefined;
  /** Search steps per guest, as a factor: more gives cheaper plans and takes proportionally longer. Default 1. */
  readonly effort?: number | undefined;
  /** Level no further than so many moves in all. Default: none. Repairs and drains count, and are never left out. */
  readonly maxMoves?: number | undefined;
  /** The same for bytes of memory and node-local disk that travel. Default: none. */
  readonly maxMoveBytes?: number | undefined;
  /** The same for minutes that the waves take by the cost model. Default: none. */
  readonly maxMinutes?: number | undefined;
  /** Moves at the same time in the whole cluster. Default 4. */
  readonly maxParallel?: number | undefined;
  /** Moves at the same time onto one node. Default 1. */
  readonly maxInflowPerNode?: number | undefined;
  /** Moves at the same time away from one node. Default 2. */
  readonly maxOutflowPerNode?: number | undefined;
  /** Cost model: memory copied per second. Default 1e9. */
  readonly migrationBytesPerSecond?: number | undefined;
  /** Cost model: node-local disk copied per second. Default 2.5e8. */
  readonly localDiskBytesPerSecond?: number | undefined;
  /** Cost model: seconds per move besides copying. Default 8. */
  readonly migrationOverheadSeconds?: number | undefined;
  /** Cost model: how many times over a running VM's memory is copied, as it is written to meanwhile. Default 1. */
  readonly dirtyFactor?: number | undefined;
  /**
   * Seconds of migration that the downtime of a restart counts as when moves are chosen: a running container
   * is stopped and started. It is no time that passes, so it is in no figure of the plan. Default 0.
   */
  readonly restartSeconds?: number | undefined;
}
