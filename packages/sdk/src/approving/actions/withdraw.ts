import { z } from "zod";
import { type ChangeAction, defineAction } from "../../actions/define.ts";
import { reasonField } from "../../actions/inputs.ts";
import { type Decision, decideAs } from "./decision.ts";
import { type ApprovalInput, approvalField } from "./inputs.ts";

/** Which approval, and perhaps why. */
export interface WithdrawInput extends ApprovalInput {
  readonly reason?: string | undefined;
}

/** `approvals.withdraw` */
export const withdraw: ChangeAction<WithdrawInput, Decision> = defineAction<
  WithdrawInput,
  Decision
>({
  name: "approvals.withdraw",
  description: "Takes a request back before it starts: one's own, or as an Admin any.",
  kind: "change",
  risk: 0,
  isBrake: true,
  permission: "runs.read",
  input: z.strictObject({
    approval: approvalField,
    reason: reasonField.optional().describe("Why; it is put on record."),
  }),
  scope: ({ approval }) => ({ kind: "approval", name: approval }),
  audit: ({ approval, reason }) => ({ targets: [`approval:${approval}`], reason }),
  run: (context, { approval, reason }) =>
    decideAs(context, approval, "withdrawn", (by) => ({ kind: "withdraw", by, reason })),
});
