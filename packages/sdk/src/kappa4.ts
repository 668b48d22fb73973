import type {
  CallOptions,
  Clock,
  ClusterSnapshot,
  Connector,
  GuestId,
  Logger,
  MissingAccess,
  SnapshotOptions,
} from "@kappa4/connectors";
import type {
  FailoverReport,
  GuestExplanation,
  NodeChoice,
  RebalanceOptions,
  RebalancePlan,
  RuleReport,
  WhatIf,
  WhatIfChange,
} from "./balancing/index.ts";
import { checkApplyOptions, checkNewGuest, checkPlanOptions } from "./call-options.ts";
import { systemClock } from "./clock.ts";
import { type Kappa4ConfigInput, parseConfig } from "./config/index.ts";
import { Connections, deferredCluster } from "./connections.ts";
import { EngineThread } from "./engine-thread.ts";
import { applyPlan } from "./rebalance/apply.ts";
import type { ApplyOptions, ApplyRun } from "./rebalance/events.ts";
import { getGuest } from "./rebalance/get-guest.ts";
import { planCluster, readCluster, withDetails } from "./rebalance/plan-cluster.ts";
import { checkChanges, checkNode } from "./rebalance/what-if-changes.ts";

/** Options of a plan: what it aims at, and a signal that stops the reading. */
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

/** The rebalance of clusters: plan, apply, and the questions around it. */
export interface Rebalance {
  /** Reads the cluster and makes a plan; changes nothing. Throws `invalid_argument` for wrong options, as the others do. */
  plan(connection?: string, options?: PlanOptions): Promise<RebalancePlan>;
  /** Re-reads the cluster, refuses a stale plan, and moves the guests. */
  apply(connection: string, plan: RebalancePlan, options?: ApplyOptions): ApplyRun;
  /** Ranks the nodes for a new guest, or for one that is there already: its id, or its name. Throws `not_found`. */
  bestNode(
    connection: string | undefined,
    guest: GuestId | NewGuest,
    options?: PlanOptions,
  ): Promise<readonly NodeChoice[]>;
  /** Says why a guest, given by id or name, would move or would stay. Throws `not_found`. */
  explain(
    connection: string | undefined,
    guest: GuestId,
    options?: PlanOptions,
  ): Promise<GuestExplanation>;
  /**
   * Says what would become of the cluster if something happened to it; changes nothing. Guests in rules may be named
   * by id or name. Throws `invalid_argument` for a node and `not_found` for a guest that is not there.
   */
  whatIf(
    connection: string | undefined,
    changes: readonly WhatIfChange[],
    options?: PlanOptions,
  ): Promise<WhatIf>;
  /** Checks what becomes of the guests when a node fails, for each node alone. Throws `invalid_argument`. */
  checkFailover(
    connection?: string,
    nodes?: readonly string[],
    options?: PlanOptions,
  ): Promise<FailoverReport>;
  /** Says which rules there are, which do not hold, and which cannot. */
  checkRules(connection?: string, options?: PlanOptions): Promise<RuleReport>;
}

/** Everything Kappa4 can do, over the configured connections. */
export interface Kappa4 {
  /** Names of the configured connections. */
  readonly connections: readonly string[];
  /** Returns the connector of a connection; without a name the only one there is. Throws `not_found`. */
  connector(connection?: string): Promise<Connector>;
  readonly rebalance: Rebalance;
  /** Reads a whole cluster. */
  snapshot(connection?: string, options?: SnapshotOptions): Promise<ClusterSnapshot>;
  /** Lists what the credentials lack for balancing. */
  checkAccess(connection?: string, options?: CallOptions): Promise<readonly MissingAccess[]>;
  /** Frees all sockets. */
  close(): Promise<void>;
  /** Same as `close`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** What {@link createKappa4} takes from outside; each has the real thing as default. */
export interface CreateKappa4Options {
  readonly clock?: Clock | undefined;
  /** Returns a number from 0 to below 1; spreads retries. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** Pass pino itself, or anything like it. Default: silent. */
  readonly logger?: Logger | undefined;
}

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Makes a Kappa4 over a configuration. Opens no socket before the first call. Throws `config_invalid` with
 * every problem of the configuration.
 *
 * @example
 * const kappa4 = await createKappa4({ connections: { gold: { kind: "proxmox", endpoints, auth } } });
 * const plan = await kappa4.rebalance.plan("gold");
 */
export async function createKappa4(
  config: Kappa4ConfigInput,
  options: CreateKappa4Options = {},
): Promise<Kappa4> {
  const settings = await parseConfig(config);
  const { clock = systemClock, random = Math.random, logger = silent } = options;
  const connections = new Connections(settings, { clock, random, logger });
  const engine = new EngineThread();
  const close = async (): Promise<void> => {
    await Promise.all([connections.close(), engine.close()]);
  };

  function optionsFor(connection: string | undefined, given: PlanOptions = {}): PlanOptions {
    const { signal, ...options } = given;
    const own = connections.configOf(connections.nameOf(connection)).balancing;
    return { ...settings.balancing, ...own, ...checkPlanOptions(options), signal };
  }

  const rebalance: Rebalance = {
    async plan(connection, given) {
      const cluster = await connections.cluster(connection);
      const context = { cluster, clock, engine };
      return (await planCluster(context, optionsFor(connection, given))).plan;
    },
    apply(connection, plan, given = {}) {
      const cluster = deferredCluster(connections.cluster(connections.nameOf(connection)));
      const { signal: _signal, ...rules } = optionsFor(connection);
      const options = { ...settings.apply, ...checkApplyOptions(given) };
      return applyPlan({ cluster, clock, rules }, plan, options);
    },
    async bestNode(connection, asked, given) {
      const guest = typeof asked === "object" ? checkNewGuest(asked) : asked;
      const cluster = await connections.cluster(connection);
      const { signal, ...own } = optionsFor(connection, given);
      const snapshot = await readCluster(cluster, { ...own, signal });
      if (typeof guest === "object") {
        return engine.run("pickBestNode", [snapshot, guest, own], signal);
      }
      const { id } = getGuest(snapshot, guest);
      const details = await cluster.describeGuests([id], { signal, snapshot });
      return engine.run("pickBestNode", [withDetails(snapshot, details), id, own], signal);
    },
    async explain(connection, guest, given) {
      const cluster = await connections.cluster(connection);
      const { signal, ...own } = optionsFor(connection, given);
      const { plan, snapshot } = await planCluster({ cluster, clock, engine }, { ...own, signal });
      const { id } = getGuest(snapshot, guest);
      return engine.run("explainGuest", [snapshot, plan, id, own], signal);
    },
    async whatIf(connection, changes, given) {
      const cluster = await connections.cluster(connection);
      const { signal, ...own } = optionsFor(connection, given);
      // Which guests a failure or a drain concerns is known only after planning: the disks of all are read.
      const snapshot = await readCluster(cluster, { ...own, signal, detail: "full" });
      return engine.run("whatIf", [snapshot, checkChanges(snapshot, changes), own], signal);
    },
    async checkFailover(connection, nodes, given) {
      const cluster = await connections.cluster(connection);
      const { signal, ...own } = optionsFor(connection, given);
      const snapshot = await readCluster(cluster, { ...own, signal, detail: "full" });
      const names = snapshot.nodes.map(({ name }) => name);
      for (const node of nodes ?? []) checkNode(snapshot, names, node);
      return engine.run("checkFailover", [snapshot, nodes, own], signal);
    },
    async checkRules(connection, given) {
      const cluster = await connections.cluster(connection);
      const { signal, ...own } = optionsFor(connection, given);
      const snapshot = await readCluster(cluster, { ...own, signal });
      return engine.run("checkRules", [snapshot, own], signal);
    },
  };

  return {
    connections: connections.names,
    connector: (connection) => connections.get(connection),
    rebalance,
    snapshot: async (connection, given) => (await connections.cluster(connection)).snapshot(given),
    checkAccess: async (connection, given) =>
      (await connections.cluster(connection)).checkAccess(given),
    close,
    [Symbol.asyncDispose]: close,
  };
}
