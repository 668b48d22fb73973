import type { GuestId } from "@kappa4/connectors";
import type { BlockedCode } from "../plan.ts";

/** What becomes of the guests when nodes fail, each node alone. */
export interface FailoverReport {
  /** Whether every guest that can be started elsewhere would find a place, whichever of the nodes fails. */
  readonly holds: boolean;
  /** Nodes that were asked for and that the cluster does not have; where there are any, `holds` is false. */
  readonly unknown: readonly string[];
  /** In the order of their names, or as they were asked for. */
  readonly nodes: readonly NodeFailover[];
}

/** What becomes of the guests of one node when it fails. */
export interface NodeFailover {
  readonly node: string;
  /** Whether `unplaced` is empty; guests in `lost` do not count, as no room elsewhere would save them. */
  readonly holds: boolean;
  /** False where some guests find no place and a longer search might still find one. */
  readonly proven: boolean;
  /** Guests that would be started on another node, and where there is a place for all of them at once. */
  readonly restarts: readonly (FailedGuest & { readonly to: string })[];
  /** Guests that no other node has a place for, and why. */
  readonly unplaced: readonly (FailedGuest & {
    readonly code: BlockedCode;
    readonly message: string;
    readonly rule?: string | undefined;
  })[];
  /** Guests that exist only there: their disks or devices are the node's own. */
  readonly lost: readonly (FailedGuest & {
    readonly code: "local-storage" | "local-device";
    readonly message: string;
  })[];
}

/** A guest of a failed node. */
export interface FailedGuest {
  readonly guest: GuestId;
  readonly name: string;
  /** Whether the cluster's HA manager starts it again by itself; else somebody has to. */
  readonly ha: boolean;
}
