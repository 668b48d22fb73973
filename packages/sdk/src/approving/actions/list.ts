import { z } from "zod";
import type { ApprovalView } from "../../actions/answers.ts";
import { defineAction, type ReadAction } from "../../actions/define.ts";
import { approvalView } from "../../runs/views.ts";

/** Which approvals; what is left out does not narrow. */
export interface ListApprovalsInput {
  /** Only those that can still be decided. Default true. */
  readonly isOpen?: boolean | undefined;
  /** At most so many, 500 at the most. Default 100. */
  readonly limit?: number | undefined;
}

/** `approvals.list` */
export const list: ReadAction<ListApprovalsInput, readonly ApprovalView[]> = defineAction<
  ListApprovalsInput,
  readonly ApprovalView[]
>({
  name: "approvals.list",
  description: "Lists approvals, the newest first: those that wait, unless told otherwise.",
  kind: "read",
  risk: 0,
  permission: "runs.read",
  input: z.strictObject({
    isOpen: z.boolean().optional().describe("Only those that can still be decided. Default true."),
    limit: z.int().min(1).max(500).optional().describe("At most so many. Default 100."),
  }),
  scope: () => ({ kind: "org" }),
  audit: () => ({ targets: ["approvals"] }),
  async run({ inOrg }, { isOpen = true, limit }) {
    const states = isOpen ? (["pending", "approved"] as const) : undefined;
    return (await inOrg((tx) => tx.approvals.list({ states, limit }))).map(approvalView);
  },
});
