/**
 * The `cluster-snapshot` format, version 1: one cluster at one instant.
 * The same shape in memory, in files and between processes. Units: bytes, cores, and fractions from 0 to 1,
 * except pressure stall information, which is percent as the kernel reports it.
 */
export interface ClusterSnapshot {
  readonly format: "cluster-snapshot";
  readonly version: 1;
  readonly meta: SnapshotMeta;
  /** Targets, limits and cost model that came with the snapshot; options given to the engine win over them. */
  readonly policy?: SnapshotPolicy | undefined;
  readonly nodes: readonly SnapshotNode[];
  readonly guests: readonly Guest[];
  /** Placement rules of resource pools, by pool name. */
  readonly pools: Readonly<Record<string, PoolRule>>;
  readonly haRules: readonly HaRule[];
  /** Rules that are already normalised; the engine adds those it reads from tags, pools and HA rules. */
  readonly rules: readonly PlacementRule[];
}

/** Says where a snapshot comes from. Generators may add fields of their own. */
export interface SnapshotMeta {
  /** Name of the cluster: what a plan made from this snapshot is for. */
  readonly name: string;
  /** Kind of the connector that read it. */
  readonly kind?: string | undefined;
  /** Instant of reading, ISO 8601 UTC. */
  readonly takenAt?: string | undefined;
  /** How old the loads may be, in milliseconds; placements are always fresh. Absent: not worth a wait. */
  readonly loadLagMs?: number | undefined;
  /** What could not be read and why, as sentences: the reader must know what the figures leave out. */
  readonly warnings?: readonly string[] | undefined;
  /** Set while the cluster's own balancer moves HA guests by itself. */
  readonly autoRebalance?: boolean | undefined;
}

/** Names a guest within its cluster: the vmid on Proxmox VE, the name on LXD. */
export type GuestId = number | string;

/** A total and the part of it in use, in the same unit. */
export interface Usage {
  readonly total: number;
  readonly used: number;
}

/** Pressure stall information in percent, 0 to 100. */
export interface Pressure {
  readonly cpuSome: number;
  readonly cpuFull: number;
  readonly memorySome: number;
  readonly memoryFull: number;
  readonly ioSome: number;
  readonly ioFull: number;
}

/** A hypervisor host at the instant of the snapshot. */
export interface SnapshotNode {
  readonly name: string;
  readonly status: "online" | "offline" | "unknown";
  /** The node is being emptied: guests leave it, none arrive. */
  readonly maintenance: boolean;
  /** Neither source nor target; its guests stay. */
  readonly ignored: boolean;
  readonly pveVersion?: string | undefined;
  /** Nodes of the same group run each other's live VMs; undefined: compatible with all. */
  readonly cpuGroup?: string | undefined;
  /** Logical cores, and cores in use. */
  readonly cpu: { readonly cores: number; readonly used: number };
  /** Bytes. */
  readonly memory: Usage;
  /** Root file system, bytes. */
  readonly disk: Usage;
  /** What the node itself uses without its guests: cores and bytes. */
  readonly base: { readonly cpu: number; readonly memory: number };
  readonly storages: readonly NodeStorage[];
  /** Networks a guest can attach to here; undefined when not read. */
  readonly bridges?: readonly string[] | undefined;
  readonly psi?: Pressure | undefined;
}

/** A storage as one node sees it. */
export interface NodeStorage extends Usage {
  readonly id: string;
  /** The same bytes are reachable from other nodes, so moving a guest copies none of them. */
  readonly shared: boolean;
}

/** A VM or container, placed on a node of a cluster. */
export interface Guest {
  readonly id: GuestId;
  readonly name: string;
  readonly type: "qemu" | "lxc";
  readonly node: string;
  /** `unknown`: its node does not report; such a guest is counted and never moved. */
  readonly status: "running" | "stopped" | "paused" | "unknown";
  /** Configured cores, and the fraction of these cores in use, 0 to 1. */
  readonly cpu: { readonly cores: number; readonly used: number };
  /** Configured bytes, and bytes in use on the node. */
  readonly memory: Usage;
  readonly disk: Usage;
  /** Volumes that must be reachable from the target; undefined when not read yet. */
  readonly volumes?: readonly GuestVolume[] | undefined;
  /** Networks it is attached to; undefined when not read. */
  readonly bridges?: readonly string[] | undefined;
  readonly tags: readonly string[];
  readonly pool: string | null;
  readonly ha: { readonly state: string; readonly autoRebalance?: boolean | undefined } | null;
  /** Passed-through devices; a guest that has any cannot migrate. Empty when none are known. */
  readonly localResources: readonly string[];
  /** Why the provider refuses changes right now, for example `backup`; null when it does not. */
  readonly lock: string | null;
  readonly priority?: number | undefined;
  readonly psi?: Pressure | undefined;
  readonly template?: boolean | undefined;
  /** Nodes the provider itself refuses as target, with its reason. */
  readonly refusedNodes?: Readonly<Record<string, string>> | undefined;
}

/** A volume of a guest. */
export interface GuestVolume {
  readonly storage: string;
  readonly bytes: number;
}

/** A placement rule for all guests of a resource pool. */
export interface PoolRule {
  readonly type?: "affinity" | "anti-affinity" | undefined;
  /** Names of the nodes that the pool's guests belong on. */
  readonly pin?: readonly string[] | undefined;
  /** Whether the pin must hold. Default true. */
  readonly strict?: boolean | undefined;
}

/** An HA rule of the cluster, as Proxmox VE 9 has them. */
export interface HaRule {
  readonly id: string;
  readonly type: "node-affinity" | "resource-affinity";
  readonly affinity?: "positive" | "negative" | undefined;
  /** `vm:100`, `ct:101`. */
  readonly resources: readonly string[];
  /** Node name to priority; among available nodes the highest priority wins. */
  readonly nodes?: Readonly<Record<string, number>> | undefined;
  readonly strict?: boolean | undefined;
  readonly disabled?: boolean | undefined;
}

/** A rule in the one form that the engine reads. */
export type PlacementRule = TogetherRule | ApartRule | PinRule | IgnoreRule;

interface RuleBase {
  readonly id: string;
  readonly guests: readonly GuestId[];
  /** A hard rule must hold; a soft one is followed where nothing hard speaks against it. */
  readonly hard: boolean;
  readonly source: "tag" | "pool" | "ha" | "config";
}

/** All guests on one node. */
export interface TogetherRule extends RuleBase {
  readonly kind: "together";
}

/** No two of the guests on one node. */
export interface ApartRule extends RuleBase {
  readonly kind: "apart";
}

/** Each guest on one of the nodes. */
export interface PinRule extends RuleBase {
  readonly kind: "pin";
  readonly nodes: readonly string[];
  /** Node name to priority; absent: all alike. */
  readonly priorities?: Readonly<Record<string, number>> | undefined;
}

/** The guests never migrate; their load counts. */
export interface IgnoreRule extends RuleBase {
  readonly kind: "ignore";
}

/** What a balancer aims at, what it must not exceed, and what a move costs. */
export interface SnapshotPolicy {
  readonly method?: BalancingMethod | undefined;
  readonly mode?: BalancingMode | undefined;
  /** Allowed difference between the fullest and the emptiest active node, in percentage points. */
  readonly balanciness?: number | undefined;
  /** The same for CPU, as a second target beside the method's own. */
  readonly cpuBalanciness?: number | undefined;
  readonly limits?: BalancingLimits | undefined;
  readonly maxParallel?: number | undefined;
  readonly maxInflowPerNode?: number | undefined;
  readonly maxOutflowPerNode?: number | undefined;
  readonly migrationBytesPerSecond?: number | undefined;
  readonly localDiskBytesPerSecond?: number | undefined;
  readonly migrationOverheadSeconds?: number | undefined;
}

/** The resource that is levelled. */
export type BalancingMethod = "memory" | "cpu" | "disk";

/** What counts as load: measured use, configured size, or pressure stall information. */
export type BalancingMode = "used" | "assigned" | "psi";

/** Fractions of a node's capacity that a plan may not exceed; null: not limited. */
export interface BalancingLimits {
  readonly memoryUsed?: number | null | undefined;
  readonly cpuUsed?: number | null | undefined;
  readonly localStorageUsed?: number | null | undefined;
  /** Configured memory over physical memory. */
  readonly memoryAssigned?: number | null | undefined;
  /** Configured cores per physical core. */
  readonly vcpuPerCore?: number | null | undefined;
}
