import type { ClusterSnapshot, GuestId, PlacementRule } from "@kappa4/connectors";
import type { GuestRequest, NodeChoice } from "../explanation.ts";
import type { NodeFailover } from "../failover/failover-report.ts";
import type { RebalanceOptions } from "../options.ts";
import type { Balance, BlockedCode, Conflict, RebalancePlan } from "../plan.ts";

/** Something that could happen to a cluster. */
export type WhatIfChange =
  /** A node is gone at once; its guests are started on others where they find a place. */
  | { readonly kind: "node-fails"; readonly node: string }
  /** A node joins: one like another, or one of a size, with every shared storage and every network. */
  | { readonly kind: "node-added"; readonly node: string; readonly like: string }
  | {
      readonly kind: "node-added";
      readonly node: string;
      readonly memoryBytes: number;
      readonly cores: number;
    }
  /** A node is emptied for maintenance, or to be taken away. */
  | { readonly kind: "drain"; readonly node: string }
  /** A guest is created on the best node. Default name `new-guest`. */
  | {
      readonly kind: "guest-added";
      readonly guest: GuestRequest;
      readonly name?: string | undefined;
    }
  /** A rule is given; it takes the place of one with the same id. */
  | { readonly kind: "rule-added"; readonly rule: PlacementRule }
  /** The target is another one, in percentage points. */
  | { readonly kind: "target"; readonly balanciness: number };

/** What would become of a cluster. JSON-safe. */
export interface WhatIf {
  readonly changes: readonly WhatIfChange[];
  /** As it is, without the changes. */
  readonly now: Balance;
  /** What would be moved then; its `before` is right after the changes, its `after` when all is done. */
  readonly plan: RebalancePlan;
  /** Per node that fails: where its guests would be started. */
  readonly failover: readonly NodeFailover[];
  /** Per guest that is added: the nodes, the best first; it is created on the first one if that fits. */
  readonly homes: readonly { readonly name: string; readonly choices: readonly NodeChoice[] }[];
  /** What is possible now and would not be then; empty when all is well. */
  readonly impossible: readonly Impossible[];
  /** The cluster with the changes, before anything is moved, and the options with them: for further questions. */
  readonly snapshot: ClusterSnapshot;
  readonly options: RebalanceOptions;
}

/** Something that a change makes impossible. */
export interface Impossible {
  /** `lost`: a guest exists only on a node that fails; `unknown-node`, `node-exists`: a change that cannot be made. */
  readonly code: Conflict["code"] | BlockedCode | "lost" | "unknown-node" | "node-exists";
  readonly rules: readonly string[];
  readonly guests: readonly GuestId[];
  readonly node?: string | undefined;
  /** One sentence. */
  readonly message: string;
}
