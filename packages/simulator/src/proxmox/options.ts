import type { SnapshotFile } from "./state/snapshot-file.ts";

/** Who may do what, and where. Give a role or single privileges. */
export interface AclGrant {
  /** Default `/`. */
  readonly path?: string | undefined;
  /** A built-in role, for example `PVEAuditor`. */
  readonly role?: string | undefined;
  readonly privileges?: readonly string[] | undefined;
  /** Whether it reaches below the path. Default true. */
  readonly propagate?: boolean | undefined;
}

/** An API token. */
export interface TokenOptions {
  /** `user@realm!name`; the user is made when there is none yet. */
  readonly id: string;
  readonly secret: string;
  /** Rights of its own, cut with those of the user. Default false: all that the user may do. */
  readonly privsep?: boolean | undefined;
  /** Seconds since the epoch; 0 means never. Default 0. */
  readonly expire?: number | undefined;
  /** Default: Administrator on `/`. A user that exists keeps its own rights besides. */
  readonly acl?: readonly AclGrant[] | undefined;
}

/** A user who logs in with a password. */
export interface UserOptions {
  /** `user@realm`. */
  readonly id: string;
  readonly password?: string | undefined;
  /** Secret of the second factor, base 32. */
  readonly totpSecret?: string | undefined;
  readonly recoveryKeys?: readonly string[] | undefined;
  readonly enable?: boolean | undefined;
  readonly expire?: number | undefined;
  /** Default: Administrator on `/`. */
  readonly acl?: readonly AclGrant[] | undefined;
}

/** A further port on which another node answers. */
export interface EntryNodeOptions {
  readonly node: string;
  /** Default 0: any free port. */
  readonly port?: number | undefined;
}

/** Options of {@link startProxmox}. */
export interface ProxmoxSimulatorOptions {
  /** Address to listen on. Default `127.0.0.1`. */
  readonly host?: string | undefined;
  /** Default 0: any free port. */
  readonly port?: number | undefined;
  /** Where certificates and keys are kept, so that each start shows the same. Default: new ones at each start. */
  readonly certificateDirectory?: string | undefined;
  /** A `cluster-snapshot` of version 1. Default: a small cluster of four nodes. */
  readonly snapshot?: SnapshotFile | undefined;
  /** Entries as `GET /cluster/resources` answers them, in place of a snapshot; `{ data: [...] }` is understood. */
  readonly resources?: unknown;
  /** Rules as `GET /cluster/ha/rules` answers them, besides `resources`. */
  readonly haRules?: unknown;
  /** Guests under HA as `GET /cluster/ha/resources` answers them, besides `resources`. */
  readonly haResources?: unknown;
  /** `8.4`, `9.0`, `9.1`, `9.2`, or with a point release. Default `9.1`, or what a snapshot says of its nodes. */
  readonly version?: string | undefined;
  /** Everything that is left to chance follows from it. Default 1. */
  readonly seed?: number | undefined;
  /** Simulated seconds per real second. Default: time stands still until `advance` is called. */
  readonly timeScale?: number | undefined;
  /** Milliseconds since the epoch. Default: 5 January 2026 for time that stands still, else the present. */
  readonly startAt?: number | undefined;
  /** Password of root@pam. Default `simulator`. */
  readonly password?: string | undefined;
  readonly users?: readonly UserOptions[] | undefined;
  readonly tokens?: readonly TokenOptions[] | undefined;
  /** A token that may look at everything and change nothing. */
  readonly readOnlyToken?: { readonly id: string; readonly secret: string } | undefined;
  /** Nodes that are down, and have been for an hour. */
  readonly offline?: readonly string[] | undefined;
  /** Nodes in maintenance mode. */
  readonly maintenance?: readonly string[] | undefined;
  /** The node that answers on the first port. Default: the first that is up. */
  readonly entryNode?: string | undefined;
  /** Further nodes with ports of their own. */
  readonly entryNodes?: readonly EntryNodeOptions[] | undefined;
  /** How long a 401 is held back, in simulated milliseconds. Default 3000, or 0 when time stands still. */
  readonly unauthorizedDelayMs?: number | undefined;
  /**
   * How long it takes to find out that a node cannot be reached. Default 3000 for one that is away and 30 000 for one
   * that is silent, or 0 when time stands still.
   */
  readonly unreachableDelayMs?: number | undefined;
  /** Whether errors repeat their text in the body, as since early 2025. Default true. */
  readonly messageInBody?: boolean | undefined;
  /** Text of a refused ticket: of before or since January 2026. Default: as the version does. */
  readonly authText?: "old" | "new" | undefined;
  /** Speed of migrations; what is left out comes from the snapshot. */
  readonly speed?:
    | {
        readonly memoryBytesPerSecond?: number | undefined;
        readonly diskBytesPerSecond?: number | undefined;
        readonly overheadMs?: number | undefined;
      }
    | undefined;
}
