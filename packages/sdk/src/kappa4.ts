import type {
  ClusterSnapshot,
  Connector,
  GuestId,
  MissingAccess,
  SnapshotOptions,
} from "@kappa4/connectors";
import type { NodeChoice, RebalanceOptions, RebalancePlan } from "./balancing/index.ts";
import type { ApplyOptions, ApplyRun } from "./rebalance/events.ts";

/** Options of {@link Kappa4.rebalance}'s `plan`. */
export interface PlanOptions extends RebalanceOptions {
  readonly signal?: AbortSignal | undefined;
}

/** What a new guest needs of its node. */
export interface NewGuest {
  readonly memoryBytes: number;
  readonly cores: number;
  readonly tags?: readonly string[] | undefined;
  readonly pool?: string | undefined;
}

/** Everything Kappa4 can do, over the configured connections. */
export interface Kappa4 {
  /** Names of the configured connections. */
  readonly connections: readonly string[];
  /** Returns the connector of a connection; throws `not_found`. Without a name: the only one there is. */
  connector(connection?: string): Promise<Connector>;
  readonly rebalance: {
    /** Reads the cluster and makes a plan; changes nothing. */
    plan(connection?: string, options?: PlanOptions): Promise<RebalancePlan>;
    /** Re-reads the cluster, refuses a stale plan, and moves the guests. */
    apply(connection: string, plan: RebalancePlan, options?: ApplyOptions): ApplyRun;
    /** Ranks the nodes for a guest that is there already, or for a new one. */
    bestNode(
      connection: string,
      guest: GuestId | NewGuest,
      options?: PlanOptions,
    ): Promise<readonly NodeChoice[]>;
  };
  /** Reads a whole cluster. */
  snapshot(connection?: string, options?: SnapshotOptions): Promise<ClusterSnapshot>;
  /** Lists what the credentials lack for balancing. */
  checkAccess(connection?: string): Promise<readonly MissingAccess[]>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
