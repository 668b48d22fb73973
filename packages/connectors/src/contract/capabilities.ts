import type { Operation } from "./operation.ts";
import type { ClusterSnapshot, Guest, GuestId, Usage } from "./snapshot.ts";

/** The optional abilities of a connector. */
export type Capability = "cluster" | "compute" | "snapshots";

/** Options that every call takes. */
export interface CallOptions {
  /** Stops waiting and starts nothing more; never undoes work already accepted. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of {@link ClusterCapability.snapshot}. */
export interface SnapshotOptions extends CallOptions {
  /**
   * `overview` reads a constant number of requests; guests then have no `volumes`. `full` also reads what
   * only a guest's own configuration tells. Default `overview`.
   */
  readonly detail?: "overview" | "full" | undefined;
  /** Also reads pressure stall information, which costs requests per node. Default false. */
  readonly psi?: boolean | undefined;
}

/** Options of {@link ClusterCapability.describeGuests}. */
export interface DescribeGuestsOptions extends CallOptions {
  /** A snapshot just read, which tells where the guests are: they need not be looked for. Default: they are. */
  readonly snapshot?: Pick<ClusterSnapshot, "guests"> | undefined;
}

/** What only a guest's own configuration tells; the fields of {@link Guest} of the same names. */
export type GuestDetail = Pick<
  Guest,
  "id" | "volumes" | "bridges" | "localResources" | "lock" | "refusedNodes"
>;

/** Where everything is right now: a snapshot's small sister, cheap enough to read before every move. */
export interface ClusterState {
  /**
   * Name of the cluster, as a snapshot says it: whoever works on one sees when another one answers. Where it cannot be
   * told for the moment, `unavailable` is thrown, and no other name said.
   */
  readonly name: string;
  readonly nodes: readonly {
    readonly name: string;
    readonly status: "online" | "offline" | "unknown";
    readonly maintenance: boolean;
    readonly memory: Usage;
  }[];
  readonly guests: readonly Pick<
    Guest,
    "id" | "name" | "type" | "node" | "status" | "lock" | "memory"
  >[];
}

/** Options of {@link ClusterCapability.migrate}. */
export interface MigrateGuestOptions extends CallOptions {
  /** The guest may be stopped and started for the move; without it a move that needs downtime is refused. Default false. */
  readonly allowDowntime?: boolean | undefined;
  /** Copies node-local disks along. Default true. */
  readonly withLocalDisks?: boolean | undefined;
}

/** What a finished migration left behind. */
export interface MigrateResult {
  /** The node that the guest runs on now. */
  readonly node: string;
  readonly warnings: readonly string[];
}

/** A privilege that an action needs and the credentials lack. */
export interface MissingAccess {
  /** The provider's own name, for example `VM.Migrate`. */
  readonly privilege: string;
  /** Where it is needed, for example `/vms`. */
  readonly path: string;
  /** What cannot be done without it, as a sentence. */
  readonly reason: string;
}

/** The ability to see a cluster whole and to move its guests. */
export interface ClusterCapability {
  /** Reads the whole cluster. */
  snapshot(options?: SnapshotOptions): Promise<ClusterSnapshot>;
  /** Reads what {@link SnapshotOptions.detail} `full` adds, for some guests only. */
  describeGuests(
    ids: readonly GuestId[],
    options?: DescribeGuestsOptions,
  ): Promise<readonly GuestDetail[]>;
  /** Reads placements, locks and node states. */
  state(options?: CallOptions): Promise<ClusterState>;
  /**
   * Moves a guest to a node. Resolves when the provider has accepted; `done()` when the guest is there.
   * Throws `not_found`, `conflict` (locked), `failed_precondition` (cannot go there), `unsupported`,
   * `permission`, `capacity`; after a lost answer the guest and its operations are looked up, nothing is sent twice.
   */
  migrate(
    id: GuestId,
    target: string,
    options?: MigrateGuestOptions,
  ): Promise<Operation<MigrateResult>>;
  /** Lists the privileges that balancing needs and the credentials lack; empty when all is well. */
  checkAccess(options?: CallOptions): Promise<readonly MissingAccess[]>;
}

/** How a guest is stopped. */
export interface StopOptions extends CallOptions {
  /** `graceful` asks the guest; `force` pulls the plug. Default `graceful`. */
  readonly mode?: "graceful" | "force" | undefined;
  /** How long a graceful stop may take. Default 180 000 ms. */
  readonly timeoutMs?: number | undefined;
}

/** What a change did: `changed` is false when the guest was in that state already. */
export interface ChangeResult {
  readonly changed: boolean;
}

/** What a new instance is made from. */
export interface CreateInstanceInput {
  readonly name: string;
  readonly type: "qemu" | "lxc";
  readonly node: string;
  readonly cores: number;
  readonly memoryBytes: number;
  /** Provider settings that have no common form, for example `{ scsi0: "ceph:32" }`. */
  readonly settings?: Readonly<Record<string, string | number>> | undefined;
}

/** The ability to run the life of instances. */
export interface ComputeCapability {
  /** Starts an instance. Throws `not_found`, `conflict` (locked), `permission`, `capacity`. */
  start(id: GuestId, options?: CallOptions): Promise<Operation<ChangeResult>>;
  /** Stops an instance. Throws `not_found`, `conflict` (locked), `permission`, `timeout` when it does not go down by itself. */
  stop(id: GuestId, options?: StopOptions): Promise<Operation<ChangeResult>>;
  /** Restarts a running instance. Throws `not_found`, `conflict` (locked), `failed_precondition` (not running), `permission`. */
  restart(id: GuestId, options?: CallOptions): Promise<Operation<ChangeResult>>;
  /** Creates a stopped instance. Throws `already_exists`, `invalid_argument`, `not_found` (node), `permission`, `capacity`. */
  create(
    input: CreateInstanceInput,
    options?: CallOptions,
  ): Promise<Operation<{ readonly id: GuestId }>>;
  /** Copies an instance under a new id. Throws `not_found`, `conflict` (locked), `permission`, `capacity`. */
  clone(
    id: GuestId,
    input: { readonly name: string; readonly node?: string | undefined },
    options?: CallOptions,
  ): Promise<Operation<{ readonly id: GuestId }>>;
  /** Deletes a stopped instance; a missing one is `changed: false`. */
  delete(id: GuestId, options?: CallOptions): Promise<Operation<ChangeResult>>;
}

/** A saved state of a guest. */
export interface GuestSnapshot {
  readonly name: string;
  readonly createdAt: Date | null;
  readonly description?: string | undefined;
  readonly parent?: string | undefined;
}

/** The ability to save and restore guests. */
export interface SnapshotsCapability {
  /** Lists the saved states, the oldest first. Throws `not_found`. */
  list(id: GuestId, options?: CallOptions): AsyncIterable<GuestSnapshot>;
  /** Saves the state of a guest. Throws `not_found`, `already_exists`, `conflict` (locked), `unsupported` (its storage cannot). */
  create(id: GuestId, name: string, options?: CallOptions): Promise<Operation<ChangeResult>>;
  /** Brings a guest back to a saved state; what it was since is lost. Throws `not_found`, `conflict` (locked). */
  restore(id: GuestId, name: string, options?: CallOptions): Promise<Operation<ChangeResult>>;
  /** Deletes a saved state; a missing one is `changed: false`. Throws `not_found` (guest), `conflict` (locked). */
  delete(id: GuestId, name: string, options?: CallOptions): Promise<Operation<ChangeResult>>;
}
