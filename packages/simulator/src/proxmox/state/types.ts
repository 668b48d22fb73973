/** A VM or a container. */
export type GuestKind = "qemu" | "lxc";

/** Options of a guest, as they stand in its configuration file. */
export type GuestConfig = Map<string, string | number>;

/** Pressure stall information in percent. */
export interface Pressure {
  readonly cpuSome: number;
  readonly cpuFull: number;
  readonly memorySome: number;
  readonly memoryFull: number;
  readonly ioSome: number;
  readonly ioFull: number;
}

/** Bytes that went through a guest since it was started. */
export interface Traffic {
  readonly netin: number;
  readonly netout: number;
  readonly diskread: number;
  readonly diskwrite: number;
}

/** A saved state of a guest. */
export interface GuestSnapshot {
  readonly name: string;
  readonly description: string;
  readonly takenAt: number;
  readonly parent: string | undefined;
  readonly withMemory: boolean;
  readonly config: GuestConfig;
  readonly digest: string;
}

/** A guest with its configuration and what it uses. */
export interface Guest {
  readonly vmid: number;
  readonly kind: GuestKind;
  /** The node whose directory holds the configuration. */
  node: string;
  config: GuestConfig;
  running: boolean;
  /** A running VM can be paused. */
  paused: boolean;
  startedAt: number;
  pid: number;
  /** What it uses while it runs: fraction of its cores, and bytes. */
  cpuRatio: number;
  memoryBytes: number;
  /** Bytes that the hypervisor needs on top of the guest's memory. */
  hostOverheadBytes: number;
  /** Bytes used inside; only containers can tell. */
  diskUsedBytes: number;
  psi: Pressure;
  /** Memory that the guest rewrites, in bytes per second: what makes a live migration take rounds. */
  dirtyBytesPerSecond: number;
  trafficAtStart: Traffic;
  trafficPerSecond: Traffic;
  snapshots: Map<string, GuestSnapshot>;
  currentSnapshot: string | undefined;
  /** A worker holds the file lock of the configuration. */
  busy: boolean;
}

/** A hypervisor host. */
export interface Node {
  readonly name: string;
  readonly nodeid: number;
  readonly ip: string;
  version: string;
  online: boolean;
  /** Set while offline. */
  offlineSince: number | undefined;
  bootedAt: number;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly swapBytes: number;
  readonly rootTotalBytes: number;
  readonly rootUsedBytes: number;
  /** What the host itself uses: cores and bytes. */
  readonly baseCores: number;
  readonly baseMemoryBytes: number;
  readonly psi: Pressure;
  readonly bridges: readonly string[];
  readonly cpuModel: string;
  /** SHA-256 of the certificate. */
  fingerprint: string;
}

/** A storage as the cluster's configuration defines it. */
export interface Storage {
  readonly id: string;
  readonly type: string;
  readonly shared: boolean;
  readonly content: readonly string[];
  /** Undefined: on every node. */
  readonly nodes: ReadonlySet<string> | undefined;
  /** Bytes per node; a shared storage has one entry, under the empty name. */
  readonly size: Map<string, StorageSize>;
}

/** Size of a storage on one node. */
export interface StorageSize {
  readonly totalBytes: number;
  /** What is used by other things than the guests' volumes; may be negative when thin. */
  otherBytes: number;
}

/** A resource pool. */
export interface Pool {
  readonly id: string;
  comment: string;
  readonly guests: Set<number>;
  readonly storages: Set<string>;
}
