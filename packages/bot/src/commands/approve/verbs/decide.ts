import type { RunAnswer } from "@kappa4/sdk";
import type { View } from "../../../view/model.ts";
import type { CommandContext, Reply } from "../../context.ts";
import { approvalReply } from "../reply.ts";

/** Decides on an approval, and brings its message up to date whatever became of that. */
export async function* decided<Answer>(
  context: CommandContext,
  id: string,
  decide: () => Promise<Answer>,
  say: (answer: Answer) => string,
): AsyncGenerator<Reply> {
  try {
    const answer = await decide();
    context.follow.approval(id.toUpperCase());
    yield { to: "person", view: said(say(answer)) };
  } finally {
    yield await approvalReply(context, id, "message");
  }
}

/** Says what comes of a yes. */
export function afterYes(answer: RunAnswer): string {
  if (answer.state === "started") return `Approved: run ${answer.run.shortId} begins.`;
  const { shortId, votes, quorum, risk, risen } = answer.approval;
  const yes = votes.filter(({ decision }) => decision === "approve").length;
  const counts = `Your approval of ${shortId} counts: ${yes} of ${quorum.approvals}.`;
  if (risen === undefined) return counts;
  return `${counts} It is of class ${risk} now, and no longer ${risen.from}: ${risen.why}.`;
}

function said(text: string): View {
  return { blocks: [{ kind: "text", text }] };
}
