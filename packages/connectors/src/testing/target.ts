import type { Clock, Connector, ConnectorDefinition, Logger } from "../contract/connector.ts";
import type { GuestId } from "../contract/snapshot.ts";

/** What the suite can ask a system to do wrong. Each lasts for a number of requests, or until `heal`. */
export type ConformanceFault =
  /** Credentials are refused (401 or what the system has for it). */
  | "unauthorized"
  /** A right is missing (403). */
  | "forbidden"
  /** Nothing is found (404 or what the system has for it). */
  | "missing"
  /** Too many requests (429). */
  | "rate-limited"
  /** The service is out of order (503). */
  | "failing"
  /** No answer comes within a second. */
  | "slow"
  /** The answer is not what the system's format says. */
  | "malformed"
  /** The connection breaks before the answer to a read. */
  | "cut-read"
  /** A write is done, and the connection breaks before its answer. */
  | "cut-write";

/** How the suite wants to be connected. */
export interface TargetConnectOptions {
  /** Credentials that the system does not accept. Default: good ones. */
  readonly wrongCredentials?: boolean | undefined;
  readonly timeoutMs?: number | undefined;
  readonly logger?: Logger | undefined;
}

/** One system, real or a stand-in, with at least two nodes and a running guest. Made anew for each test. */
export interface ConnectorTarget {
  readonly definition: Pick<ConnectorDefinition, "kind" | "capabilities">;
  /** The clock that connectors are given; time may jump. */
  readonly clock: Clock;
  /** Texts that must never show: tokens, passwords, keys. */
  readonly secrets: readonly string[];
  /** A running guest and a node that it can move to. */
  readonly move: {
    readonly guest: GuestId;
    readonly to: string;
    readonly allowDowntime: boolean;
    /** Writes until a move is accepted, for example one that stops the guest before it. Default 1. */
    readonly writes?: number | undefined;
    /**
     * Writes that may follow the accepted one, for example the start of a guest that had to be stopped, by
     * everyone who waits. Default 0.
     */
    readonly laterWrites?: number | undefined;
  };
  /** Makes a connector to the system. */
  connect(options?: TargetConnectOptions): Connector;
  /** How many requests that may change something have arrived so far, logins aside. */
  writes(): number;
  /** Makes the next `times` fitting requests go wrong; all of them without a number. */
  break(fault: ConformanceFault, times?: number): void;
  heal(): void;
  close(): Promise<void>;
}

/** The two functions of a test runner that the suite needs: vitest's, node:test's, or others alike. */
export interface TestKit {
  readonly describe: (name: string, define: () => void) => unknown;
  readonly it: (name: string, test: () => Promise<void>) => unknown;
}
