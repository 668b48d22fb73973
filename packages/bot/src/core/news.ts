import type { ApprovalDetails } from "@kappa4/sdk";
import { outcomeText, quorumWords, subjectSentence } from "../commands/approve/words.ts";
import type { Who } from "../commands/context.ts";
import type { RichText, View } from "../view/model.ts";

/** What who asked is told when somebody has decided, or nobody has in time. */
export function newsOf(approval: ApprovalDetails, who: Who): View {
  const { shortId, details, state } = approval;
  return {
    blocks: [
      { kind: "title", text: `Approval ${shortId} · plan ${details.shortId}` },
      {
        kind: "text",
        text: state === "pending" ? lastVote(approval, who) : outcomeText(approval, who),
      },
      { kind: "text", text: subjectSentence(approval) },
      ...(AGAIN.includes(state)
        ? [
            {
              kind: "note",
              text: ["Make a new plan: ", { code: `/rebalance dry-run ${details.connection}` }],
            } as const,
          ]
        : []),
    ],
  };
}

const AGAIN: readonly string[] = ["denied", "expired", "stale", "superseded"];

function lastVote(approval: ApprovalDetails, who: Who): RichText {
  const vote = approval.votes.at(-1);
  if (vote === undefined) return `Nobody has approved it yet.`;
  return [{ bold: "Approved" }, " by ", who(vote.person), `: ${quorumWords(approval)}.`];
}
