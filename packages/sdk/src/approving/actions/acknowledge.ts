import { z } from "zod";
import { type ChangeAction, defineAction } from "../../actions/define.ts";
import { type Decision, decideAs } from "./decision.ts";
import { type ApprovalInput, approvalField } from "./inputs.ts";

/** `approvals.acknowledge` */
export const acknowledge: ChangeAction<ApprovalInput, Decision> = defineAction<
  ApprovalInput,
  Decision
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
