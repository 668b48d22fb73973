import { defineAction, type PlanAction } from "../../actions/define.ts";
import { onConnection } from "../../actions/scopes.ts";
import { policyOf } from "../../approving/policy.ts";
import type { RebalancePlan } from "../../balancing/index.ts";
import { bindingOf, riskOfMoves } from "../binding.ts";
import { withEmptied } from "../emptied.ts";
import { planCluster } from "../plan-cluster.ts";
import { withProtected } from "../protected.ts";
import { type PlanInput, planInput } from "./inputs.ts";
import { planOptions } from "./options.ts";

/** `rebalance.plan` */
export const plan: PlanAction<PlanInput, RebalancePlan> = defineAction<PlanInput, RebalancePlan>({
  name: "rebalance.plan",
  description:
    "Reads a cluster and plans the moves that repair its rules, empty nodes and level it.",
  kind: "plan",
  appliedBy: "rebalance.apply",
  risk: riskOfMoves,
  permission: "rebalance.plan",
  quota: "plans.max",
  input: planInput,
  ...onConnection,
  async run(context, input) {
    const { systems, clock, engine, signal } = context;
    const connection = systems.nameOf(input.connection);
    const cluster = await systems.cluster(connection);
    const options = await planOptions(context, input, { opensStore: true });
    const planned = await planCluster({ cluster, clock, engine }, { ...options, signal });
    const policy = await context.inOrg(policyOf);
    const { snapshot } = planned;
    const shielded = withProtected(planned.plan, snapshot, policy.protected);
    const content = withEmptied(shielded, snapshot, options.maintenanceNodes);
    return { connection, cluster: content.cluster, content, binding: bindingOf(content) };
  },
});
