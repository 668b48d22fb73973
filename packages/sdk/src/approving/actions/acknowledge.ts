import { z } from "zod";
import type { RunAnswer } from "../../actions/answers.ts";
import { type ChangeAction, defineAction } from "../../actions/define.ts";
import { decideAs } from "./decision.ts";
import { type ApprovalInput, approvalField } from "./inputs.ts";

/** `approvals.acknowledge` */
export const acknowledge: ChangeAction<ApprovalInput, RunAnswer> = defineAction<
  ApprovalInput,
  RunAnswer
>({
  name: "approvals.acknowledge",
  description:
    "Says as another Admin that an emergency was seen, so that nobody is reminded any more.",
  kind: "change",
  risk: 0,
  permission: "runs.read",
  input: z.strictObject({ approval: approvalField }),
  scope: ({ approval }) => ({ kind: "approval", name: approval }),
  audit: ({ approval }) => ({ targets: [`approval:${approval}`] }),
  run: (context, { approval }) =>
    decideAs(context, approval, "acknowledged", (by) => ({ kind: "acknowledge", by })),
});
