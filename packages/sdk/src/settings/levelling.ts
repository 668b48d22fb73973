import type { ReadContext } from "../actions/context.ts";
import type { RebalanceOptions } from "../balancing/index.ts";
import { maintenanceOf } from "./maintenance.ts";
import { storedBalancing } from "./sections.ts";

/** How a cluster is levelled until somebody says otherwise. */
export interface Levelling extends RebalanceOptions {
  /** Those of `maintenanceNodes` that people put into maintenance; they were there then, and may have left since. */
  readonly keptEmpty?: readonly string[] | undefined;
}

/** Options of {@link levellingOf}. */
export interface LevellingOptions {
  /**
   * Whether it is no use without the store. Default: for everybody but whoever holds the process, who looks into one
   * that is there.
   */
  readonly opensStore?: boolean | undefined;
}

/**
 * Returns how the cluster of a connection is levelled: by the configuration, by what was changed since with
 * `config.update`, which wins over it, and without the nodes that people have put into maintenance. Whoever holds the
 * process and only looks makes no store for it, and where none can be opened sees what the configuration says alone.
 */
export async function levellingOf(
  { systems, caller, inOrg, inOrgIfThere }: ReadContext,
  named: string | undefined,
  { opensStore = caller.actor.kind !== "local" }: LevellingOptions = {},
): Promise<Levelling> {
  const connection = systems.nameOf(named);
  const known = await (opensStore ? inOrg : inOrgIfThere)(async (tx) => ({
    stored: await storedBalancing(tx),
    nodes: (await maintenanceOf(tx, connection)).nodes,
  }));
  if (known === undefined) return systems.balancing(connection);
  const { stored, nodes } = known;
  const options = systems.balancing(connection, stored);
  return withMaintenance(
    options,
    nodes.map(({ node }) => node),
  );
}

/** Adds nodes to those that are emptied already. */
function withMaintenance(options: RebalanceOptions, nodes: readonly string[]): Levelling {
  if (nodes.length === 0) return options;
  const maintenanceNodes = [...new Set([...(options.maintenanceNodes ?? []), ...nodes])];
  return { ...options, maintenanceNodes, keptEmpty: nodes };
}
