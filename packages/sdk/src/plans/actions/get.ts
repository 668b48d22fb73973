import { z } from "zod";
import type { ApprovalView, PlanView, RunView } from "../../actions/answers.ts";
import { defineAction, type ReadAction } from "../../actions/define.ts";
import { approvalView, planView, runView } from "../../runs/views.ts";
import { getPlan } from "../get-plan.ts";
import { type PlanNameInput, planField } from "./inputs.ts";

/** A plan, and what has become of it. */
export interface PlanDetails extends PlanView {
  /** What it was made from, so that it can be made again. */
  readonly input: unknown;
  /** The last approval that was asked for it. */
  readonly approval: ApprovalView | undefined;
  readonly run: RunView | undefined;
}

/** `plans.get` */
export const get: ReadAction<PlanNameInput, PlanDetails> = defineAction<PlanNameInput, PlanDetails>(
  {
    name: "plans.get",
    description: "Shows a plan, and what has become of it.",
    kind: "read",
    risk: 0,
    permission: "runs.read",
    input: z.strictObject({ plan: planField }),
    scope: ({ plan }) => ({ kind: "plan", name: plan }),
    audit: ({ plan }) => ({ targets: [`plan:${plan}`] }),
    run: ({ inOrg }, { plan: name }) =>
      inOrg(async (tx) => {
        const plan = await getPlan(tx, name);
        const approval = await tx.approvals.findByPlan(plan.id);
        const run = await tx.runs.findByPlan(plan.id);
        return {
          ...planView(plan),
          input: plan.input,
          approval: approval && approvalView(approval),
          run: run && runView(run),
        };
      }),
  },
);
