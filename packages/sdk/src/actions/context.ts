import type { Clock, ClusterCapability, Connector, Logger } from "@kappa4/connectors";
import type { RiskClass } from "../approvals/index.ts";
import type { RebalanceOptions } from "../balancing/index.ts";
import type { ApplySettings } from "../config/index.ts";
import type { Engine } from "../engine-thread.ts";
import type { Ledger } from "../runs/ledger.ts";
import type { RunQueue } from "../runs/queue.ts";
import type { OrgTransaction, PlatformTransaction } from "../store/index.ts";
import type { Caller } from "./actor.ts";
import type { Action } from "./define.ts";
import type { Self } from "./self.ts";

/** The configured outside systems, as actions see them. */
export interface Systems {
  /** Names of the configured connections. */
  readonly names: readonly string[];
  /** Returns the name asked for, or the only one there is. Throws `not_found`, `invalid_argument`. */
  nameOf(connection: string | undefined): string;
  /** Returns the connector of a connection. Throws `not_found`. */
  get(connection: string | undefined): Promise<Connector>;
  /** Returns what a connection can do with a cluster. Throws `not_found`, `unsupported`. */
  cluster(connection: string | undefined): Promise<ClusterCapability>;
  /** How plans are carried out by configuration. */
  readonly applying: ApplySettings;
  /**
   * Returns how a connection's cluster is levelled by configuration; `stored` wins over what holds for all clusters,
   * and not over what the connection says itself.
   */
  balancing(connection: string | undefined, stored?: RebalanceOptions): RebalanceOptions;
}

/** What every action has to work with. */
export interface BaseContext {
  readonly caller: Caller;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal | undefined;
  readonly systems: Systems;
  readonly engine: Engine;
  readonly self: Self;
  /** Finds an action by its name. */
  actionOf(name: string): Action | undefined;
}

/** What a read or a plan has besides: our own records, opened when they are first asked for. */
export interface ReadContext extends BaseContext {
  /** Reads and writes in one transaction that sees the caller's organisation alone. Nothing outside is called in it. */
  inOrg<Result>(work: (tx: OrgTransaction) => Promise<Result>): Promise<Result>;
  /**
   * The same for a look that can do without it: undefined where there is no store, or none that can be opened now, and
   * whoever looks is told what was left out.
   */
  inOrgIfThere<Result>(work: (tx: OrgTransaction) => Promise<Result>): Promise<Result | undefined>;
  /** The same across organisations; for actions whose scope is the platform, and no others. */
  platform<Result>(work: (tx: PlatformTransaction) => Promise<Result>): Promise<Result>;
}

/** What an answer has besides: how far it may go. */
export interface LookContext extends ReadContext {
  /**
   * Names the connections that an answer may speak of, for actions whose scope is `reachable`: the one that is named, or
   * those on which the caller holds the permission. Undefined: they hold it on the whole organisation. Throws
   * `not_found` where nothing is, or was, called as the named one.
   */
  reached(tx: OrgTransaction): Promise<readonly string[] | undefined>;
}

/** What a change has besides: the transaction that its effect and its audit entry share. */
export interface ChangeContext extends BaseContext {
  readonly tx: OrgTransaction;
  /** Where the runs go that a change brings about. */
  readonly queue: RunQueue;
}

/** Up to what a run was let through. */
export interface RunLimit {
  readonly risk: RiskClass;
  /** What was brought about in the same cluster after it: those pieces were judged with this one, and not it with them. */
  readonly later: readonly unknown[];
}

/** What a run has besides: what was done already, and a way to tell how it goes. */
export interface RunContext extends ReadContext {
  readonly connection: string;
  /** Raised when somebody asked to stop: nothing more is to be started. */
  readonly cancelled: AbortSignal;
  readonly ledger: Ledger;
  /** It does nothing that is of a higher class by now. Default: it is held to none. */
  readonly limit?: RunLimit | undefined;
  /** Tells how it goes, as plain data; written down at most once a second. */
  report(progress: unknown): void;
}
