import { z } from "zod";
import type { RunAnswer } from "../../actions/answers.ts";
import { type ChangeAction, defineAction } from "../../actions/define.ts";
import { asRunAnswer, decideAs } from "./decision.ts";
import { type ApprovalInput, approvalField } from "./inputs.ts";

/** Which approval, why, for which incident, and the beginning of the hash as the person typed it. */
export interface BreakGlassInput extends ApprovalInput {
  readonly reason: string;
  readonly ticket: string;
  readonly hash: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** `approvals.breakGlass` */
export const breakGlass: ChangeAction<BreakGlassInput, RunAnswer> = defineAction<
  BreakGlassInput,
  RunAnswer
>({
  name: "approvals.breakGlass",
  description:
    "Goes past the people who would have to approve, in an emergency; everybody is told.",
  kind: "change",
  risk: 1,
  permission: "runs.read",
  judgedBesides: "that of the plan",
  input: z.strictObject({
    approval: approvalField,
    reason: z.string().trim().min(1).max(1000).describe("Why it cannot wait; it is put on record."),
    ticket: z.string().trim().min(1).max(200).describe("The incident or ticket that it is for."),
    hash: z
      .string()
      .trim()
      .min(1)
      .max(64)
      .describe("The beginning of the plan's hash, typed: at least 8 characters."),
  }),
  scope: ({ approval }) => ({ kind: "approval", name: approval }),
  audit: ({ approval, reason, ticket }) => ({
    targets: [`approval:${approval}`, `ticket:${ticket}`],
    reason,
  }),
  run: async (context, { approval, reason, ticket, hash }) => {
    const decision = await decideAs(context, approval, "glass_broken", async (by, { now }) => {
      // On two approvals at once, each would count the other as not done.
      await context.tx.hold(`glass:${by.id}`);
      const since = new Date(now.getTime() - DAY_MS);
      const earlier = await context.tx.approvals.glassBreaks(by.id, since);
      return { kind: "break_glass", by, reason, ticket, typedHash: hash, earlier };
    });
    return asRunAnswer(decision);
  },
});
