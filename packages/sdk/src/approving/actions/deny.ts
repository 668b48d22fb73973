import { z } from "zod";
import { type ChangeAction, defineAction } from "../../actions/define.ts";
import { anyReasonField } from "../../actions/inputs.ts";
import { type Decision, decideAs } from "./decision.ts";
import { type ApprovalInput, approvalField } from "./inputs.ts";

/** Which approval, and why not. */
export interface DenyInput extends ApprovalInput {
  readonly reason: string;
}

/** `approvals.deny` */
export const deny: ChangeAction<DenyInput, Decision> = defineAction<DenyInput, Decision>({
  name: "approvals.deny",
  description: "Denies somebody else's plan; one denial ends it.",
  kind: "change",
  risk: 0,
  isBrake: true,
  permission: "runs.read",
  judgedBesides: "that of the plan",
  input: z.strictObject({ approval: approvalField, reason: anyReasonField }),
  scope: ({ approval }) => ({ kind: "approval", name: approval }),
  audit: ({ approval, reason }) => ({ targets: [`approval:${approval}`], reason }),
  run: (context, { approval, reason }) =>
    decideAs(context, approval, "denied", (by) => ({ kind: "deny", by, reason })),
});
