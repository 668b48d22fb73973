import type { CommandContext, Reply } from "../context.ts";
import { approvalMessage } from "./message.ts";

/** The message of an approval as it stands now: posted where there is none yet. */
export async function approvalReply(
  context: Pick<CommandContext, "kappa4" | "people" | "clock">,
  id: string,
  to: "channel" | "message" = "channel",
): Promise<Reply> {
  const approval = await context.kappa4.approvals.get({ approval: id });
  const who = await context.people();
  const view = approvalMessage(approval, { who, now: new Date(context.clock.now()) });
  return { to, subject: approval.shortId, view };
}
