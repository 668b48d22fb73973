import { z } from "zod";
import { defineAction, type ReadAction } from "../../actions/define.ts";
import { onConnection } from "../../actions/scopes.ts";
import type { FailoverReport } from "../../balancing/index.ts";
import { readCluster } from "../plan-cluster.ts";
import { checkNode } from "../what-if-changes.ts";
import { type ClusterInput, clusterFields } from "./inputs.ts";
import { optionsOf } from "./options.ts";

/** Which nodes might fail. */
export interface CheckFailoverInput extends ClusterInput {
  /** Each is looked at alone. Default: every node. */
  readonly nodes?: readonly string[] | undefined;
}

/** `rebalance.checkFailover` */
export const checkFailover: ReadAction<CheckFailoverInput, FailoverReport> = defineAction<
  CheckFailoverInput,
  FailoverReport
>({
  name: "rebalance.checkFailover",
  description:
    "Says for each node whether its guests would find a place on the others if it failed.",
  kind: "read",
  risk: 0,
  permission: "nodes.read",
  input: z.strictObject({
    ...clusterFields,
    nodes: z
      .array(z.string().min(1))
      .optional()
      .describe("Nodes that might fail, each alone. Default: every node."),
  }),
  ...onConnection,
  async run(context, input) {
    const { systems, engine, signal } = context;
    const { nodes } = input;
    const cluster = await systems.cluster(input.connection);
    const options = await optionsOf(context, input);
    // Which guests a failure concerns is known only after planning: the disks of all are read.
    const snapshot = await readCluster(cluster, { ...options, signal, detail: "full" });
    const names = snapshot.nodes.map(({ name }) => name);
    for (const node of nodes ?? []) checkNode(snapshot, names, node);
    return engine.run("checkFailover", [snapshot, nodes, options], signal);
  },
});
