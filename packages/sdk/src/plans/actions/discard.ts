import { Kappa4Error } from "@kappa4/connectors";
import { z } from "zod";
import { actorName } from "../../actions/actor.ts";
import type { PlanView } from "../../actions/answers.ts";
import { grantsOf } from "../../actions/authorise.ts";
import type { ChangeContext } from "../../actions/context.ts";
import { type ChangeAction, defineAction } from "../../actions/define.ts";
import { isFinal } from "../../approvals/index.ts";
import { can } from "../../permissions/index.ts";
import { planView } from "../../runs/views.ts";
import type { StoredPlan } from "../../store/index.ts";
import { getPlan } from "../get-plan.ts";
import { type PlanNameInput, planField } from "./inputs.ts";

/** `plans.discard` */
export const discard: ChangeAction<PlanNameInput, PlanView> = defineAction<PlanNameInput, PlanView>(
  {
    name: "plans.discard",
    description: "Sets a plan aside so that nobody applies it.",
    kind: "change",
    risk: 0,
    permission: "rebalance.plan",
    input: z.strictObject({ plan: planField }),
    scope: ({ plan }) => ({ kind: "plan", name: plan }),
    audit: ({ plan }) => ({ targets: [`plan:${plan}`] }),
    async run(context, { plan: name }) {
      const { tx } = context;
      const plan = await getPlan(tx, name);
      await refuseOthers(context, plan);
      const asked = await tx.approvals.findByPlan(plan.id);
      if (asked !== undefined && !isFinal(asked.approval.state)) {
        const message = `Plan ${plan.shortId} waits for approval as ${asked.shortId}; withdraw that instead.`;
        throw new Kappa4Error("conflict", message, { retryable: false });
      }
      if (!(await tx.plans.move(plan.id, "draft", "discarded"))) {
        const message = `Plan ${plan.shortId} was ${plan.state} already; there is nothing to set aside.`;
        throw new Kappa4Error("conflict", message, { retryable: false });
      }
      return planView({ ...plan, state: "discarded" });
    },
  },
);

/** One's own, or as somebody who may carry plans out any. */
async function refuseOthers(
  { tx, caller, clock }: ChangeContext,
  { shortId, connection, requestedBy }: StoredPlan,
): Promise<void> {
  if (requestedBy === actorName(caller.actor)) return;
  const scope = { kind: "connection", org: tx.org, connection } as const;
  const now = new Date(clock.now());
  if (can(await grantsOf(tx, caller), "rebalance.run", scope, now)) return;
  const message = `Plan ${shortId} is somebody else's; only they and people who may apply plans set it aside.`;
  throw new Kappa4Error("permission", message);
}
