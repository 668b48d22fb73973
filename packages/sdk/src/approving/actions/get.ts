import { Kappa4Error } from "@kappa4/connectors";
import { z } from "zod";
import type { ApprovalView, PlanView, RunView } from "../../actions/answers.ts";
import { defineAction, type ReadAction, type WorkDescription } from "../../actions/define.ts";
import {
  acknowledgersOf,
  approversOf,
  type BreakGlass,
  missingVotes,
  type Person,
} from "../../approvals/index.ts";
import { subjectOf } from "../../runs/submit.ts";
import { approvalView, planView, runView } from "../../runs/views.ts";
import { factsOf } from "../decide.ts";
import { getApproval } from "../get-approval.ts";
import { describeUnknown, describeWork, whyOfClass } from "../in-words.ts";
import { knownRunAction } from "../run-action-of.ts";
import { type ApprovalInput, approvalField } from "./inputs.ts";

/** An approval, with what it is for and whom it waits for. */
export interface ApprovalDetails extends ApprovalView {
  readonly details: PlanView;
  /** What would be done, in words. */
  readonly does: WorkDescription;
  /** What makes it of its class, in words: `it starts or stops an instance`. */
  readonly why: string;
  /** Where it was asked for, for example `slack`. */
  readonly via: string;
  readonly requestedAt: Date | undefined;
  /** Who could still approve it, as they stand now; nobody once it is decided. */
  readonly approvers: readonly { readonly id: string; readonly name: string }[];
  /** What is still missing of the quorum. */
  readonly missing: ApprovalView["quorum"];
  /** Who ended it, when and why, where somebody or something did. */
  readonly ending:
    | { readonly at: Date; readonly by?: string | undefined; readonly reason?: string | undefined }
    | undefined;
  /** That somebody went past the quorum, and whether another Admin has seen it. */
  readonly breakGlass: BreakGlass | undefined;
  /** Who can say that they have seen it, as they stand now; nobody where that is not asked for. */
  readonly acknowledgers: readonly { readonly id: string; readonly name: string }[];
  readonly run: RunView | undefined;
}

/** `approvals.get` */
export const get: ReadAction<ApprovalInput, ApprovalDetails> = defineAction<
  ApprovalInput,
  ApprovalDetails
>({
  name: "approvals.get",
  description: "Shows an approval: what it is for, who has voted, what is missing.",
  kind: "read",
  risk: 0,
  permission: "runs.read",
  input: z.strictObject({ approval: approvalField }),
  scope: ({ approval }) => ({ kind: "approval", name: approval }),
  audit: ({ approval }) => ({ targets: [`approval:${approval}`] }),
  run: ({ inOrg, clock, actionOf }, { approval: name }) =>
    inOrg(async (tx) => {
      const stored = await getApproval(tx, name);
      const plan = await tx.plans.find(stored.planId);
      if (plan === undefined) {
        throw new Kappa4Error(
          "internal",
          "An approval lacks its plan; restore the store from a backup.",
        );
      }
      const { approval, via } = stored;
      const action = knownRunAction(actionOf(plan.action));
      const { people } = await factsOf(tx, clock, subjectOf(tx, action, plan));
      const view = approvalView(stored);
      const run = await tx.runs.findByPlan(plan.id);
      const approvers = approval.state === "pending" ? approversOf(approval, people) : [];
      const { breakGlass, ending, request } = approval;
      const isUnseen = breakGlass !== undefined && breakGlass.acknowledged === undefined;
      return {
        ...view,
        details: planView(plan),
        does: action === undefined ? describeUnknown(plan) : describeWork(action, plan),
        why: whyOfClass(approval, action?.risk(plan.content)),
        via,
        requestedAt: request?.at,
        approvers: approvers.map(named),
        missing: missingVotes(approval, view.quorum, people),
        ending,
        breakGlass,
        acknowledgers: isUnseen ? acknowledgersOf(approval, people).map(named) : [],
        run: run && runView(run),
      };
    }),
});

function named({ id, name }: Person): { readonly id: string; readonly name: string } {
  return { id, name };
}
