import { z } from "zod";
import type { ApprovalView } from "../../actions/answers.ts";
import { defineAction, type ReadAction } from "../../actions/define.ts";
import { approvalView } from "../../runs/views.ts";
import { getApproval } from "../get-approval.ts";
import { type ApprovalInput, approvalField } from "./inputs.ts";

/** `approvals.get` */
export const get: ReadAction<ApprovalInput, ApprovalView> = defineAction<
  ApprovalInput,
  ApprovalView
>({
  name: "approvals.get",
  description: "Shows an approval: what it is for, who has voted, what is missing.",
  kind: "read",
  risk: 0,
  permission: "runs.read",
  input: z.strictObject({ approval: approvalField }),
  scope: ({ approval }) => ({ kind: "approval", name: approval }),
  audit: ({ approval }) => ({ targets: [`approval:${approval}`] }),
  run: async ({ inOrg }, { approval }) =>
    approvalView(await inOrg((tx) => getApproval(tx, approval))),
});
