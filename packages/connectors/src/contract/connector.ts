import type { z } from "zod";
import type {
  CallOptions,
  Capability,
  ClusterCapability,
  ComputeCapability,
  SnapshotsCapability,
} from "./capabilities.ts";
import type { Operation } from "./operation.ts";

/** Time as an argument: everything that waits or dates goes through one of these. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`; rejects with `signal.reason` when aborted. */
  sleep(ms: number, signal?: AbortSignal | undefined): Promise<void>;
}

/** Anything with pino's four methods: facts first, then a constant sentence. */
export interface Logger {
  /** What only somebody looking for a fault wants to know. */
  debug(fields: object, message: string): void;
  /** What happens in the ordinary course of things. */
  info(fields: object, message: string): void;
  /** What went wrong and was made good. */
  warn(fields: object, message: string): void;
  /** What went wrong and stayed so. */
  error(fields: object, message: string): void;
}

/** What a connector is given besides its own options. */
export interface ConnectContext {
  /** Name of the connection in the configuration; appears in errors and plans. */
  readonly connection: string;
  readonly clock: Clock;
  /** Returns a number from 0 to below 1; used for the jitter of retries. */
  readonly random: () => number;
  readonly logger: Logger;
}

/** One configured outside system. */
export interface Connector {
  readonly kind: string;
  readonly connection: string;
  /** Makes the cheapest authenticated call; throws `auth`, `network`, `timeout` and the like. */
  ping(options?: CallOptions): Promise<{ readonly version: string }>;
  readonly cluster?: ClusterCapability | undefined;
  readonly compute?: ComputeCapability | undefined;
  readonly snapshots?: SnapshotsCapability | undefined;
  /** Goes on waiting for an operation that another process started. Throws `invalid_argument` for a foreign token. */
  resumeOperation(token: string): Operation<unknown>;
  /** Frees sockets; calls under way fail. */
  close(): Promise<void>;
}

/** How a kind of connector is declared. */
export interface ConnectorDefinition<
  Kind extends string = string,
  Schema extends z.ZodType = z.ZodType,
  Instance extends Connector = Connector,
> {
  readonly kind: Kind;
  /** The options of a connection of this kind, without `kind`. */
  readonly options: Schema;
  readonly capabilities: readonly Capability[];
  /** Makes a connector; opens no socket before the first call. */
  connect(options: z.output<Schema>, context: ConnectContext): Instance;
}
/**
 * Declares a connector; the object comes back as it went in, with its types worked out.
 *
 * @example
 * export const proxmox = defineConnector({ kind: "proxmox", options, capabilities: ["cluster"], connect });
 */
export function defineConnector<
  Kind extends string,
  Schema extends z.ZodType,
  Instance extends Connector,
>(
  definition: ConnectorDefinition<Kind, Schema, Instance>,
): ConnectorDefinition<Kind, Schema, Instance> {
  return definition;
}
