import { Kappa4Error } from "@kappa4/connectors";
import { actorName } from "../actions/actor.ts";
import { type ChangeAction, defineAction } from "../actions/define.ts";
import { onConnection } from "../actions/scopes.ts";
import { readCluster } from "../rebalance/plan-cluster.ts";
import { maintenanceOf, type NodeInMaintenance, setMaintenance } from "../settings/maintenance.ts";
import { auditOf, type MaintenanceInput, maintenanceInput } from "./inputs.ts";

/** `maintenance.enter` */
export const enter: ChangeAction<MaintenanceInput, NodeInMaintenance> = defineAction<
  MaintenanceInput,
  NodeInMaintenance
>({
  name: "maintenance.enter",
  description: "Puts a node into maintenance: every plan from then on empties it.",
  kind: "change",
  risk: 1,
  permission: "maintenance.write",
  input: maintenanceInput,
  ...onConnection,
  audit: auditOf,
  async check({ systems, signal }, { connection, node }) {
    const cluster = await systems.cluster(connection);
    await readCluster(cluster, { maintenanceNodes: [node], signal });
  },
  async run({ tx, systems, clock, caller }, { connection: named, node, reason }) {
    const connection = systems.nameOf(named);
    const { nodes, revision: after } = await maintenanceOf(tx, connection);
    const known = nodes.find((one) => one.node === node);
    if (known !== undefined) {
      const message = `${node} is in maintenance already: ${known.reason}.`;
      throw new Kappa4Error("conflict", message, { retryable: false });
    }
    const by = actorName(caller.actor);
    const at = new Date(clock.now());
    const entered = { node, reason, by, since: at };
    await setMaintenance(tx, connection, { nodes: [...nodes, entered], after, by, at });
    return entered;
  },
});
