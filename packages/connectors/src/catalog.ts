import type { ConnectorDefinition } from "./contract/connector.ts";
import { Kappa4Error } from "./contract/errors.ts";

/** The register: kind to how its connector is loaded. A connector costs nothing before a configuration names it. */
const catalog: Readonly<Record<string, () => Promise<ConnectorDefinition>>> = {
  lxd: async () => (await import("./providers/lxd/index.ts")).lxd,
  proxmox: async () => (await import("./providers/proxmox/index.ts")).proxmox,
};

/** The kinds of connector that Kappa4 comes with, as a configuration names them. */
export const CONNECTOR_KINDS: readonly string[] = Object.keys(catalog);

/** Loads the connector of a kind. Throws `not_found` for a kind that is not there. */
export async function loadConnector(kind: string): Promise<ConnectorDefinition> {
  const load = Object.hasOwn(catalog, kind) ? catalog[kind] : undefined;
  if (load !== undefined) return load();
  const known = CONNECTOR_KINDS.join(", ");
  throw new Kappa4Error("not_found", `There is no connector of kind ${kind}; known are ${known}.`);
}
