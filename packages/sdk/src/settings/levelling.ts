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
  /** Whether the store is opened for it anyway. Default: for everybody but whoever holds the process. */
  readonly opensStore?: boolean | undefined;
}

/**
 * Returns how the cluster of a connection is levelled: by the configuration, by what was changed since with
 * `config.update`, which wins over it, and without the nodes that people have put into maintenance. Whoever holds the
 * process and only looks opens no store, and sees what the configuration says alone.
 */
export async function levellingOf(
  { systems, caller, inOrg }: ReadContext,
  named: string | undefined,
  { opensStore = caller.actor.kind !== "local" }: LevellingOptions = {},
): Promise<Levelling> {
  const connection = systems.nameOf(named);
  if (!opensStore) return systems.balancing(connection);
  const [stored, { nodes }] = await inOrg(async (tx) => [
    await storedBalancing(tx),
    await maintenanceOf(tx, connection),
  ]);
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
