import type { StorageMap } from "./volumes.ts";

/** How a guest is moved. */
export interface MoveOptions {
  readonly target: string;
  /** `user@realm` or `user@realm!token` that the task belongs to. */
  readonly user: string;
  /** Live, for a VM. */
  readonly online: boolean;
  /** Stop, copy, start, for a container. */
  readonly restart: boolean;
  /** How long a container gets to shut down. */
  readonly timeoutSeconds: number;
  readonly withLocalDisks: boolean;
  /** The most that each transfer of the move may use; undefined: what the network gives. */
  readonly limitBytesPerSecond: number | undefined;
  readonly force: boolean;
  readonly storages: StorageMap;
}
