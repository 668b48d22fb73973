import { defineAction, type ReadAction } from "../../actions/define.ts";
import { onConnection } from "../../actions/scopes.ts";
import type { RebalancePlan } from "../../balancing/index.ts";
import { planCluster } from "../plan-cluster.ts";
import { type PlanInput, planInput } from "./inputs.ts";
import { planOptions } from "./options.ts";

/** `rebalance.preview` */
export const preview: ReadAction<PlanInput, RebalancePlan> = defineAction<PlanInput, RebalancePlan>(
  {
    name: "rebalance.preview",
    description: "Makes the plan that rebalance.plan would make, and keeps nothing of it.",
    kind: "read",
    risk: 0,
    permission: "rebalance.plan",
    input: planInput,
    ...onConnection,
    async run(context, input) {
      const { systems, clock, engine, signal } = context;
      const cluster = await systems.cluster(input.connection);
      const options = await planOptions(context, input);
      return (await planCluster({ cluster, clock, engine }, { ...options, signal })).plan;
    },
  },
);
