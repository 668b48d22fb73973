import { z } from "zod";
import { defineAction, type ReadAction } from "../../actions/define.ts";
import { connectionField } from "../../actions/inputs.ts";
import { onConnection } from "../../actions/scopes.ts";
import type { RebalancePlan } from "../../balancing/index.ts";
import { levellingOf } from "../../settings/levelling.ts";
import { checkPlan } from "../../snapshot-file/index.ts";
import { applyPlan } from "../apply.ts";
import type { ApplyResult } from "../events.ts";
import type { AdoptPlanInput } from "./adopt.ts";

/** `rebalance.measure` */
export const measure: ReadAction<AdoptPlanInput, ApplyResult> = defineAction<
  AdoptPlanInput,
  ApplyResult
>({
  name: "rebalance.measure",
  description: "Says what of a plan is reached as the cluster stands now; moves nothing.",
  kind: "read",
  risk: 0,
  permission: "nodes.read",
  input: z.strictObject({
    connection: connectionField,
    plan: z
      .unknown()
      .transform((plan): RebalancePlan => checkPlan(plan, "the plan"))
      .describe("A plan, carried out or not."),
  }),
  ...onConnection,
  async run(context, { connection, plan }) {
    const { systems, clock, engine, signal } = context;
    const cluster = await systems.cluster(connection);
    const rules = await levellingOf(context, connection);
    // A plan without its moves is one that is over: what is left of it is to look.
    return applyPlan({ cluster, clock, engine, rules }, { ...plan, moves: [] }, { signal }).result;
  },
});
