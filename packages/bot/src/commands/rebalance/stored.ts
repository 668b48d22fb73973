import { Kappa4Error } from "@kappa4/sdk";
import type { CommandContext, Reply } from "../context.ts";
import { isRebalance, type StoredRebalance } from "./known.ts";
import { planMessage } from "./plan-message.ts";

/** Returns a stored plan for a rebalance. Throws `not_found`, `invalid_argument`. */
export async function getRebalance(
  { kappa4 }: Pick<CommandContext, "kappa4">,
  id: string,
): Promise<StoredRebalance> {
  const plan = await kappa4.plans.get({ plan: id });
  if (isRebalance(plan)) return plan;
  throw new Kappa4Error("invalid_argument", `Plan ${plan.shortId} is for ${plan.action}.`);
}

/** Brings the message of a plan up to date, where there is one. */
export async function refreshed(
  context: CommandContext,
  id: string,
  replacedBy?: string,
): Promise<Reply> {
  const plan = await getRebalance(context, id);
  const who = await context.people();
  const now = new Date(context.clock.now());
  const view = planMessage(plan, { who, now, replacedBy });
  return { to: "message", subject: plan.shortId, view };
}
