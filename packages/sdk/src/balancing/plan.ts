import type { BalancingLimits, BalancingMethod, BalancingMode, GuestId } from "@kappa4/connectors";

/**
 * What to move, in which order, and why. JSON-safe: the same shape in memory, in files and between processes.
 * Loads are fractions of a node's usable capacity, 0 to 1.
 */
export interface RebalancePlan {
  readonly format: "rebalance-plan";
  readonly version: 1;
  /** Name and version of the engine. */
  readonly engine: string;
  /**
   * `level`: nothing to do; `ok`: after the moves every target and every repairable rule holds;
   * `partial`: the moves help and something named in `conflicts` or `blocked` stays.
   */
  readonly status: "level" | "ok" | "partial";
  /** Planning time in seconds; set by the caller of the engine, which has no clock. */
  readonly seconds?: number | undefined;
  /** Name of the cluster. */
  readonly cluster: string;
  readonly method: BalancingMethod;
  readonly mode: BalancingMode;
  /** Target in percentage points. */
  readonly balanciness: number;
  /** The limits that the plan keeps, on the way and at the end. */
  readonly limits: BalancingLimits;
  /** How many moves at the same time the waves were made for; an apply keeps to it unless told otherwise. */
  readonly parallel?:
    | {
        readonly maxParallel: number;
        readonly maxInflowPerNode: number;
        readonly maxOutflowPerNode: number;
      }
    | undefined;
  /** Minutes for which a guest is left alone after a move, in a plan that was made with a history. */
  readonly cooldownMinutes?: number | undefined;
  /** Nodes that were to be emptied besides those the cluster marks. */
  readonly maintenanceNodes?: readonly string[] | undefined;
  /** Nodes that were left out besides those the cluster marks. */
  readonly ignoreNodes?: readonly string[] | undefined;
  /** Guests among those moved that approvals protect; set by whoever stores the plan, not by the engine. */
  readonly protectedGuests?: readonly GuestId[] | undefined;
  /** Nodes that it empties, as the cluster was then; set by whoever stores the plan, not by the engine. */
  readonly emptiedNodes?: readonly string[] | undefined;
  /** In order of execution. Moves of the same wave may run at the same time. */
  readonly moves: readonly Move[];
  /** Guests that should move and cannot, each with its first blocking reason. */
  readonly blocked: readonly BlockedGuest[];
  /** Rules and targets that cannot hold, and why. */
  readonly conflicts: readonly Conflict[];
  readonly before: Balance;
  /** As predicted; equals `before` when there are no moves. */
  readonly after: Balance;
  /** Added-up cost of the moves by the cost model, and duration of the waves, in seconds. */
  readonly costSeconds: number;
  readonly durationSeconds: number;
}

/** One guest goes from one node to another. */
export interface Move {
  readonly guest: GuestId;
  readonly name: string;
  readonly type: "qemu" | "lxc";
  readonly from: string;
  readonly to: string;
  /** Number of the wave, from 0. */
  readonly wave: number;
  /** Bytes of memory in use that travel. */
  readonly memoryBytes: number;
  /** Bytes on node-local storage that are copied. */
  readonly diskBytes: number;
  /** Expected duration by the cost model. */
  readonly seconds: number;
  /** How the guest travels: `live` without downtime, `restart` stopped and started, `offline` as it is stopped already. */
  readonly mode: "live" | "restart" | "offline";
  /** At least one, the weightiest first. */
  readonly reasons: readonly MoveReason[];
  /** What it is good for; the engine always says it. */
  readonly gain?: MoveGain | undefined;
  /** The best of what else could have been done, and why it was not; the engine always says it. */
  readonly alternative?: RejectedAlternative | undefined;
}

/** What the end of a plan would be like without one of its moves. */
export interface MoveGain {
  /** Percentage points that the nodes would be further apart in the levelled resource; below 0 where they would be closer. */
  readonly spread: number;
  /** Fraction of its capacity by which the node it leaves would be further over a limit. */
  readonly overload: number;
  /** What it would be like, without a full stop: `without it the nodes would be 14 points of memory apart at the end, not 9`. */
  readonly message: string;
}

/** A choice that was not taken. */
export interface RejectedAlternative {
  /** The node that the guest could have gone to, or stayed on. */
  readonly node: string;
  /** The guest that could have gone to that node in its place, where it is about one. */
  readonly guest?: GuestId | undefined;
  /**
   * `above-target`: the nodes would be too far apart; `wish`: a wish speaks against it; `fuller`: it is allowed and the
   * node would be fuller; `costs-more`: the other guest takes longer to move; `needed`: staying is no choice, `gain`
   * says why. Else what stands in the way.
   */
  readonly code: BlockedCode | "above-target" | "wish" | "fuller" | "costs-more" | "needed";
  /** One sentence with figures, for example `pve4: would end at 91 % memory, 3 points above the target's window`. */
  readonly message: string;
}

/** Why a guest moves. */
export type MoveReasonCode =
  | "drain-maintenance"
  | "enforce-pin"
  | "join-affinity"
  | "split-anti-affinity"
  | "relieve-overload"
  | "level-load"
  | "make-room"
  | "cover-failover"
  | "prefer-node";

/** A reason with its figures. */
export interface MoveReason {
  readonly code: MoveReasonCode;
  /** Id of the rule behind it, where one is. */
  readonly rule?: string | undefined;
  /** The partner guest the rule is about, where one is. */
  readonly partner?: GuestId | undefined;
  /** Load of the levelled resource on the source and on the target, right before and right after this move. */
  readonly from: { readonly before: number; readonly after: number };
  readonly to: { readonly before: number; readonly after: number };
  /** One sentence with the figures, for example `relieves pve1 (91 → 78 % memory)`. */
  readonly message: string;
}

/** Why a guest that should move stays. */
export type BlockedCode =
  | "ignored"
  | "locked"
  | "local-device"
  | "status-unknown"
  | "pinned"
  | "storage-missing"
  | "network-missing"
  | "cpu-incompatible"
  | "provider-refuses"
  | "rule"
  | "no-capacity"
  | "no-target"
  | "type-excluded"
  | "no-safe-order"
  | "ha-managed"
  | "cooldown"
  | "paused";

/** A guest that should move and cannot. */
export interface BlockedGuest {
  readonly guest: GuestId;
  readonly name: string;
  readonly node: string;
  readonly code: BlockedCode;
  /** Why it should move. */
  readonly wanted: MoveReasonCode;
  /** One sentence with figures: what stands in the way and what would clear it. */
  readonly message: string;
  readonly rule?: string | undefined;
}

/** A rule or target that cannot hold. */
export interface Conflict {
  readonly code:
    | "pin-unknown-node"
    | "pin-no-node"
    | "together-split-by-pins"
    | "together-and-apart"
    | "apart-too-many"
    | "together-too-large"
    | "drain-blocked"
    | "limit-exceeded"
    | "target-unreachable"
    | "no-active-node"
    | "rule-unrepairable"
    | "pins-contradict"
    | "together-immovable"
    | "apart-immovable"
    | "apart-too-narrow"
    | "guest-too-large"
    | "rule-unknown-guest"
    | "option-unknown-name"
    | "node-offline"
    | "pressure-missing"
    | "failover-uncovered"
    | "allowance-used"
    | "own-balancer";
  /** Ids of the rules involved; empty for limits and targets. */
  readonly rules: readonly string[];
  readonly guests: readonly GuestId[];
  /** The node that it is about, where it is about one. */
  readonly node?: string | undefined;
  /** One sentence: what cannot hold, why, and what would help. */
  readonly message: string;
}

/** How level a cluster is. */
export interface Balance {
  /** Difference between fullest and emptiest active node in the levelled resource, in percentage points. */
  readonly spread: number;
  /** The same for CPU. */
  readonly cpuSpread: number;
  /** Guests that would have to move for every hard rule to hold. */
  readonly violations: number;
  readonly nodes: readonly NodeLoad[];
}

/** Load of one node; fractions of usable capacity. */
export interface NodeLoad {
  readonly name: string;
  /** Whether the node takes part in levelling: online, not in maintenance, not ignored. */
  readonly active: boolean;
  /** Why it takes no part; absent when it does. Nothing is known of the load of an offline node. */
  readonly state?: "offline" | "maintenance" | "ignored" | undefined;
  /** The levelled resource in the chosen mode. */
  readonly load: number;
  readonly memory: number;
  readonly cpu: number;
  readonly disk: number;
  readonly guests: number;
}
