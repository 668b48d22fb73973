import { z } from "zod";
import { defineVerb, type Verb } from "../../define.ts";
import { discarded } from "../answers.ts";
import { getRebalance, refreshed } from "../stored.ts";

/** Takes a plan away, so that nobody applies it. */
export const discard: Verb = defineVerb({
  summary:
    "Takes a plan away so that nobody applies it: one of yours, or any if you may apply plans.",
  kind: "change",
  examples: ["discard P-7F3K"],
  positional: ["plan"],
  input: z.strictObject({ plan: z.string().describe("the id of the plan, for example P-7F3K") }),
  async *run(context, { plan: id }) {
    const plan = await getRebalance(context, id);
    try {
      await context.kappa4.plans.discard({ plan: plan.id }, context.once("discard"));
      yield { to: "person", view: discarded(plan) };
    } finally {
      yield await refreshed(context, plan.id);
    }
  },
});
