import type { Clock, Connector, Kappa4Error, Logger } from "@kappa4/connectors";
import type { Caller, Via } from "./actions/actor.ts";
import type { Client } from "./actions/client.ts";
import type { Kappa4ConfigInput } from "./config/index.ts";
import type { Actions } from "./register.ts";

/** Every action, for one caller. */
export type BoundKappa4 = Client<Actions>;

/** Everything Kappa4 can do, over the configured connections, as whoever holds the process. */
export interface Kappa4 extends BoundKappa4 {
  /** Names of the configured connections. */
  readonly connections: readonly string[];
  /**
   * Returns the same actions for somebody else, for example `{ actor: { kind: "person", id: user.id }, via: "sdk" }`:
   * what they may do, their grants say. Throws `invalid_argument` for whoever is not described like that.
   */
  as(caller: Caller): BoundKappa4;
  /** Returns the connector of a connection, past every check: for programs of your own. Throws `not_found`. */
  connector(connection?: string): Promise<Connector>;
  /** Begins to work on the runs that wait, also those that another process has left. */
  start(): Promise<void>;
  /**
   * Returns what this process has counted since this Kappa4 was made, of all that are in it: actions, runs, operations
   * and requests, in the text format of Prometheus.
   */
  metrics(): string;
  /** Begins nothing more, and frees everything. A run under way is gone on with by whoever opens the store next. */
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
  /** How calls that are nobody else's are put on record. Default `sdk`. */
  readonly via?: Via | undefined;
  /** Reads the configuration again, for `service.restart`. Default: it cannot be. */
  readonly readAgain?: (() => Promise<Kappa4ConfigInput>) | undefined;
  /**
   * When this process begins to work on what waits, whoever asked for it: with the first call that makes or changes
   * something, or only when `start` is called. Default `with_changes`.
   */
  readonly work?: "with_changes" | "when_started" | undefined;
  /** Is told what takes longer than a blink, for example that a new store is made. Default: nobody. */
  readonly onProgress?: ((sentence: string) => void) | undefined;
  /**
   * Is told when the embedded store has ended by itself, as when its disk does not keep what is written. Every call that
   * needs it throws the same from then on: close this Kappa4, and end or begin anew. Default: nobody.
   */
  readonly onStoreLost?: ((error: Kappa4Error) => void) | undefined;
}

/**
 * Makes a Kappa4 over a configuration. Opens no socket before the first call, and no store before the first one that
 * plans or changes anything. Throws `config_invalid` with every problem of the configuration.
 *
 * @example
 * const kappa4 = await createKappa4({ connections: { gold: { kind: "proxmox", endpoints, auth } } });
 * const plan = await kappa4.rebalance.plan({ connection: "gold" });
 */
export async function createKappa4(
  config: Kappa4ConfigInput,
  options: CreateKappa4Options = {},
): Promise<Kappa4> {
  // Whoever imports the SDK for its types and its small functions does not load all that it can do.
  const { assembleKappa4 } = await import("./assemble.ts");
  return assembleKappa4(config, options);
}
