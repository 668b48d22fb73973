import { Kappa4Error } from "@kappa4/connectors";
import { actorName } from "../actions/actor.ts";
import { type ChangeAction, defineAction } from "../actions/define.ts";
import { onConnection } from "../actions/scopes.ts";
import { maintenanceOf, type NodeInMaintenance, setMaintenance } from "../settings/maintenance.ts";
import { auditOf, type MaintenanceInput, maintenanceInput } from "./inputs.ts";

/** `maintenance.leave` */
export const leave: ChangeAction<MaintenanceInput, NodeInMaintenance> = defineAction<
  MaintenanceInput,
  NodeInMaintenance
>({
  name: "maintenance.leave",
  description: "Takes a node out of maintenance: plans may use it again.",
  kind: "change",
  risk: 1,
  permission: "maintenance.write",
  input: maintenanceInput,
  ...onConnection,
  audit: auditOf,
  async run({ tx, systems, clock, caller }, { connection: named, node }) {
    const connection = systems.nameOf(named);
    const { nodes, revision: after } = await maintenanceOf(tx, connection);
    const known = nodes.find((one) => one.node === node);
    if (known === undefined) {
      const names = nodes.map((one) => one.node).join(", ") || "none";
      const message = `${node} is not in maintenance here; those that are: ${names}.`;
      throw new Kappa4Error("not_found", message);
    }
    await setMaintenance(tx, connection, {
      nodes: nodes.filter((one) => one !== known),
      after,
      by: actorName(caller.actor),
      at: new Date(clock.now()),
    });
    return known;
  },
});
