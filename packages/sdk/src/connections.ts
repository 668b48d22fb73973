import {
  type Clock,
  type ClusterCapability,
  type Connector,
  Kappa4Error,
  type Logger,
  loadConnector,
} from "@kappa4/connectors";
import type { Systems } from "./actions/context.ts";
import type { RebalanceOptions } from "./balancing/index.ts";
import type { ApplySettings, ConnectionConfig, Kappa4Config } from "./config/index.ts";

/** What every connector is given. */
export interface ConnectionsContext {
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
}

/** The configured connections; each connector is loaded and made when it is first asked for. */
export class Connections implements Systems {
  #config: Kappa4Config;
  readonly #context: ConnectionsContext;
  readonly #open = new Map<string, Promise<Connector>>();
  #isClosed = false;

  constructor(config: Kappa4Config, context: ConnectionsContext) {
    this.#config = config;
    this.#context = context;
  }

  /** Goes on with another configuration of the same connections; those that are open stay as they are. */
  take(config: Kappa4Config): void {
    this.#config = config;
  }

  /** Names of the configured connections. */
  get names(): readonly string[] {
    return Object.keys(this.#config.connections);
  }

  /** Returns the name asked for, or the only one there is; throws `not_found` or `invalid_argument`. */
  nameOf(connection: string | undefined): string {
    const [only, ...others] = this.names;
    if (connection === undefined && only !== undefined && others.length === 0) return only;
    if (connection === undefined) {
      const message = `Say which connection: there are ${this.names.join(", ") || "none"}.`;
      throw new Kappa4Error("invalid_argument", message);
    }
    if (!this.names.includes(connection)) {
      const known = this.names.join(", ") || "none";
      const message = `There is no connection "${connection}"; the configuration has ${known}.`;
      throw new Kappa4Error("not_found", message);
    }
    return connection;
  }

  /** How plans are carried out. */
  get applying(): ApplySettings {
    return this.#config.apply;
  }

  /** Returns how the cluster of a connection is levelled: as all are, but for what it says itself. */
  balancing(connection: string | undefined, stored: RebalanceOptions = {}): RebalanceOptions {
    return {
      ...this.#config.balancing,
      ...stored,
      ...this.configOf(this.nameOf(connection)).balancing,
    };
  }

  /** Returns the configuration of a connection. */
  configOf(connection: string): ConnectionConfig {
    return this.#config.connections[this.nameOf(connection)] as ConnectionConfig;
  }

  /** Returns the connector of a connection, made at the first call. */
  async get(connection: string | undefined): Promise<Connector> {
    if (this.#isClosed) {
      throw new Kappa4Error("failed_precondition", "This Kappa4 is closed; make a new one.");
    }
    const name = this.nameOf(connection);
    const open = this.#open.get(name) ?? this.#connect(name);
    this.#open.set(name, open);
    return open;
  }

  /** Returns the cluster ability of a connection; throws `unsupported` for a system that has none. */
  async cluster(connection: string | undefined): Promise<ClusterCapability> {
    const connector = await this.get(connection);
    if (connector.cluster !== undefined) return connector.cluster;
    const { kind, connection: connector_ } = connector;
    const message = `${connector_} (${kind}) has no cluster to read or to level.`;
    throw new Kappa4Error("unsupported", message, { context: { connector: connector_ } });
  }

  /** Closes every connector that was made. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const open = await Promise.allSettled(this.#open.values());
    await Promise.all(
      open.map((made) => (made.status === "fulfilled" ? made.value.close() : undefined)),
    );
  }

  async #connect(name: string): Promise<Connector> {
    const { kind, balancing: _balancing, ...options } = this.configOf(name);
    const definition = await loadConnector(kind);
    return definition.connect(definition.options.parse(options), {
      ...this.#context,
      connection: name,
    });
  }
}
