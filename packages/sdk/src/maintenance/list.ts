import { z } from "zod";
import { defineAction, type ReadAction } from "../actions/define.ts";
import { type ConnectionInput, connectionField } from "../actions/inputs.ts";
import { onConnection } from "../actions/scopes.ts";
import { maintenanceOf, type NodeInMaintenance } from "../settings/maintenance.ts";

/** `maintenance.list` */
export const list: ReadAction<ConnectionInput, readonly NodeInMaintenance[]> = defineAction<
  ConnectionInput,
  readonly NodeInMaintenance[]
>({
  name: "maintenance.list",
  description: "Lists the nodes that were put into maintenance here, by whom and why.",
  kind: "read",
  risk: 0,
  permission: "nodes.read",
  input: z.strictObject({ connection: connectionField }),
  ...onConnection,
  run: async ({ systems, inOrg }, { connection }) => {
    const { nodes } = await inOrg((tx) => maintenanceOf(tx, systems.nameOf(connection)));
    return nodes;
  },
});
