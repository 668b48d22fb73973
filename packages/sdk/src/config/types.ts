import type { PolicyOverride } from "../approvals/index.ts";
import type { RebalanceOptions } from "../balancing/index.ts";
import type { ApplyOptions } from "../rebalance/events.ts";

/** Everything that Kappa4 is told before it starts; the same object whether read from YAML, JSON or code. */
export interface Kappa4ConfigInput {
  /** Where an editor finds the schema; Kappa4 does not read it. */
  readonly $schema?: string | undefined;
  /** The outside systems, by a name of your choice. */
  readonly connections: Readonly<Record<string, ConnectionConfig>>;
  /** How clusters are levelled. */
  readonly balancing?: RebalanceOptions | undefined;
  /** How plans are carried out. */
  readonly apply?: ApplySettings | undefined;
  /** Where plans, approvals, runs and the audit are kept. */
  readonly store?: StoreSettings | undefined;
  /** What differs from the usual rules of approval. */
  readonly approvals?: PolicyOverride | undefined;
  /** What vouches for the audit record. Default: nothing does. */
  readonly audit?: AuditSettings | undefined;
  /** Who may do what. */
  readonly people?: readonly PersonConfig[] | undefined;
  /** The Slack app; checked when the bot starts. */
  readonly slack?: unknown;
}

/** A configuration that was checked as a whole. */
export interface Kappa4Config extends Kappa4ConfigInput {
  readonly balancing: RebalanceOptions;
  readonly apply: ApplySettings;
  readonly store: StoreSettings;
}

/** Somebody who may do what a role says; give the address, the Slack account, or both. */
export interface PersonConfig {
  /** As others know them. */
  readonly name: string;
  readonly email?: string | undefined;
  /** The key of a role: `viewer`, `operator`, `admin`, `super_admin`, or one of your own. */
  readonly role: string;
  /** Member id in Slack, for example `U012ABCDEF`. */
  readonly slack?: string | undefined;
}

/** The key that checkpoints of the audit record are signed with; the database must not have it. */
export interface AuditSettings {
  /** Under which name, without spaces and plus signs. Default `kappa4`. */
  readonly name?: string | undefined;
  /** Ed25519, in PEM. */
  readonly privateKey: string;
}

/** Where Kappa4 keeps what it remembers. */
export interface StoreSettings {
  /** A PostgreSQL database, `postgres://…`. Default: `DATABASE_URL`, else a store embedded in `path`. */
  readonly url?: string | undefined;
  /** The same database as the login that owns the tables; only migrations use it. Default: `url`. */
  readonly ownerUrl?: string | undefined;
  /** The folder of the embedded store. Default `.kappa4`. */
  readonly path?: string | undefined;
}

/** One outside system: `kind`, what differs in balancing, and the options of its connector as they were written. */
export interface ConnectionConfig {
  /** Name of the connector, for example `proxmox`. */
  readonly kind: string;
  /** What differs here from the common `balancing`. */
  readonly balancing?: RebalanceOptions | undefined;
  readonly [option: string]: unknown;
}

/** How plans are carried out, unless a call says otherwise. */
export type ApplySettings = Omit<ApplyOptions, "signal">;
