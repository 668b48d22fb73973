import { defineAction, type ReadAction } from "../actions/define.ts";
import { onConnection } from "../actions/scopes.ts";
import type { RuleReport } from "../balancing/index.ts";
import { type ClusterInput, clusterInput } from "../rebalance/actions/inputs.ts";
import { optionsOf } from "../rebalance/actions/options.ts";
import { readCluster } from "../rebalance/plan-cluster.ts";

/** `rules.check` */
export const check: ReadAction<ClusterInput, RuleReport> = defineAction<ClusterInput, RuleReport>({
  name: "rules.check",
  description: "Says which placement rules there are, which do not hold, and which cannot.",
  kind: "read",
  risk: 0,
  permission: "rules.read",
  input: clusterInput,
  ...onConnection,
  async run(context, input) {
    const { systems, engine, signal } = context;
    const cluster = await systems.cluster(input.connection);
    const options = await optionsOf(context, input);
    const snapshot = await readCluster(cluster, { ...options, signal });
    return engine.run("checkRules", [snapshot, options], signal);
  },
});
