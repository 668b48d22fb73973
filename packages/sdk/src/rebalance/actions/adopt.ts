import { Kappa4Error } from "@kappa4/connectors";
import { z } from "zod";
import type { ReadContext } from "../../actions/context.ts";
import { defineAction, type PlanAction } from "../../actions/define.ts";
import { type ConnectionInput, connectionField } from "../../actions/inputs.ts";
import { onConnection } from "../../actions/scopes.ts";
import { policyOf } from "../../approving/policy.ts";
import type { RebalancePlan } from "../../balancing/index.ts";
import { levellingOf } from "../../settings/levelling.ts";
import { checkPlan } from "../../snapshot-file/index.ts";
import { bindingOf, riskOfMoves } from "../binding.ts";
import { withEmptied } from "../emptied.ts";
import { strayFrom } from "../judge-plan.ts";
import { withProtected } from "../protected.ts";

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
  async run(context, { connection: named, plan }) {
    const connection = context.systems.nameOf(named);
    const content = await judged(context, connection, plan);
    return { connection, cluster: content.cluster, content, binding: bindingOf(content) };
  },
});

/**
 * Which cluster it is for, what is protected, and what is emptied, is not for the plan to say: the cluster is asked, and
 * who keeps it. Throws `plan_stale` for a plan of another cluster, whose turn it would take there.
 */
async function judged(
  context: ReadContext,
  connection: string,
  plan: RebalancePlan,
): Promise<RebalancePlan> {
  const { systems, inOrg, signal } = context;
  const policy = await inOrg(policyOf);
  const { maintenanceNodes } = await levellingOf(context, connection, { opensStore: true });
  const snapshot = await (await systems.cluster(connection)).snapshot({ signal });
  const stray = strayFrom(plan, snapshot);
  if (stray !== undefined) throw new Kappa4Error(stray.code, stray.message);
  const shielded = withProtected(plan, snapshot, policy.protected);
  return withEmptied(shielded, snapshot, maintenanceNodes);
}
