import { z } from "zod";
import { approvalReply } from "../../approve/reply.ts";
import type { CommandContext, Reply } from "../../context.ts";
import { defineVerb, type Verb } from "../../define.ts";
import { nothingToApply } from "../answers.ts";
import { runMessage } from "../run-message.ts";
import { getRebalance, refreshed } from "../stored.ts";

/** Asks to apply a stored plan: exactly that plan, once, when those who have to have approved it. */
export const apply: Verb = defineVerb({
  summary:
    "Applies a plan, or asks those who have to approve it; shows how far it is, and measures the balance at the end.",
  kind: "change",
  examples: ["apply P-7F3K", "apply P-7F3K -- pve-01 runs out of memory"],
  aliases: ["aplicar"],
  positional: ["plan"],
  input: z.strictObject({
    plan: z.string().describe("the id of the plan, for example P-7F3K"),
    reason: z.string().optional().describe("why, for those who approve; behind --"),
  }),
  async *run(context, { plan: id, reason }) {
    const plan = await getRebalance(context, id);
    if (plan.content.moves.length === 0) {
      yield { to: "person", view: nothingToApply(plan.shortId) };
      return;
    }
    try {
      yield* ask(context, plan.id, reason);
    } finally {
      // Also when it comes too late: then its message still has buttons.
      yield await refreshed(context, plan.id);
    }
  },
});

async function* ask(
  context: CommandContext,
  plan: string,
  reason: string | undefined,
): AsyncGenerator<Reply> {
  const { kappa4, follow, clock } = context;
  const answer = await kappa4.rebalance.apply({ plan, reason }, context.once("apply"));
  const who = await context.people();
  if (answer.state === "waiting") {
    yield await approvalReply(context, answer.approval.shortId);
    follow.approval(answer.approval.shortId);
    return;
  }
  const now = new Date(clock.now());
  const view = runMessage(answer.run, { plan: answer.plan, who, now });
  yield { to: "channel", subject: answer.run.shortId, view };
  follow.run(answer.run.shortId);
}
