import { z } from "zod";
import { defineAction, type PlanAction } from "../../actions/define.ts";
import { type ConnectionInput, connectionField } from "../../actions/inputs.ts";
import { onConnection } from "../../actions/scopes.ts";
import type { RebalancePlan } from "../../balancing/index.ts";
import { checkPlan } from "../../snapshot-file/index.ts";
import { bindingOf, riskOfMoves } from "../binding.ts";

/** A plan that was made elsewhere, for example by a preview. */
export interface AdoptPlanInput extends ConnectionInput {
  readonly plan: RebalancePlan;
}

/** `rebalance.adopt` */
export const adopt: PlanAction<AdoptPlanInput, RebalancePlan> = defineAction<
  AdoptPlanInput,
  RebalancePlan
>({
  name: "rebalance.adopt",
  description: "Stores a plan that was made elsewhere, to be approved and applied like any other.",
  kind: "plan",
  appliedBy: "rebalance.apply",
  risk: riskOfMoves,
  permission: "rebalance.plan",
  quota: "plans.max",
  input: z.strictObject({
    connection: connectionField,
    plan: z
      .unknown()
      .transform((plan) => checkPlan(plan, "the plan"))
      .describe("A plan as rebalance.preview gives it."),
  }),
  ...onConnection,
  run: async ({ systems }, { connection, plan }) => ({
    connection: systems.nameOf(connection),
    cluster: plan.cluster,
    content: plan,
    binding: bindingOf(plan),
  }),
});
