import { z } from "zod";
import type { ApprovalView } from "../../actions/answers.ts";
import { defineAction, type ReadAction } from "../../actions/define.ts";
import { connectionField } from "../../actions/inputs.ts";
import { onReachable } from "../../actions/scopes.ts";
import { approvalView } from "../../runs/views.ts";

/** Which approvals; what is left out does not narrow. */
export interface ListApprovalsInput {
  /** Only those of plans on this connection. */
  readonly connection?: string | undefined;
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
    connection: connectionField.describe("Only those of plans on this connection."),
    isOpen: z.boolean().optional().describe("Only those that can still be decided. Default true."),
    limit: z
      .int()
      .min(1)
      .max(500)
      .optional()
      .describe("At most so many, 500 at the most. Default 100."),
  }),
  ...onReachable,
  run({ inOrg, reached }, { isOpen = true, limit }) {
    const states = isOpen ? (["pending", "approved"] as const) : undefined;
    return inOrg(async (tx) => {
      const found = await tx.approvals.list({ states, limit, connections: await reached(tx) });
      return found.map(approvalView);
    });
  },
});
