import { checkAccess } from "./check-access.ts";
import { ping } from "./ping.ts";
import { snapshot } from "./snapshot.ts";

export type { PingAnswer } from "./ping.ts";
export type { SnapshotInput } from "./snapshot.ts";

/** What can be asked about a cluster as a whole. */
export interface ClusterActions {
  /** Reads a whole cluster: nodes, guests, storages, rules. */
  readonly snapshot: typeof snapshot;
  /** Asks whether a connection answers and accepts its credentials. Throws `auth`, `network`. */
  readonly ping: typeof ping;
  /** Lists what the credentials of a connection lack for balancing. */
  readonly checkAccess: typeof checkAccess;
}

/** The actions of `kappa4.cluster`. */
export const cluster: ClusterActions = { snapshot, ping, checkAccess };
