import { z } from "zod";
import type { RunAnswer } from "../../actions/answers.ts";
import { type ChangeAction, defineAction } from "../../actions/define.ts";
import { asRunAnswer, decideAs } from "./decision.ts";
import { type ApprovalInput, approvalField, hashField } from "./inputs.ts";
import { judgeVote, lookForVote, type VoteLook } from "./judge-vote.ts";

/** Which approval, and the hash of the plan that the person was shown. */
export interface ApproveInput extends ApprovalInput {
  readonly hash: string;
}

/** `approvals.approve` */
export const approve: ChangeAction<ApproveInput, RunAnswer, VoteLook> = defineAction<
  ApproveInput,
  RunAnswer,
  VoteLook
>({
  name: "approvals.approve",
  description:
    "Approves somebody else's plan; it starts when that was the last approval it needed.",
  kind: "change",
  risk: 0,
  // Whether somebody may approve this very plan is for the approval to say, by the permission that the plan needs.
  permission: "runs.read",
  judgedBesides: "that of the plan",
  input: z.strictObject({ approval: approvalField, hash: hashField }),
  scope: ({ approval }) => ({ kind: "approval", name: approval }),
  audit: ({ approval, hash }) => ({ targets: [`approval:${approval}`], details: { hash } }),
  check: lookForVote,
  async run(context, { approval, hash }, seen) {
    const decision = await decideAs(context, approval, "approved", async (by, facts, what) => {
      return { kind: "approve", by, hash, found: await judgeVote(context.tx, what, facts, seen) };
    });
    return asRunAnswer(decision);
  },
});
