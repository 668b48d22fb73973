import { z } from "zod";
import { defineVerb, type Verb } from "../../define.ts";
import { discarded, noLongerValid, notYours } from "../answers.ts";
import { planMessage, retired } from "../plan-message.ts";

/** Takes a plan away, so that nobody applies it. */
export const discard: Verb = defineVerb({
  summary:
    "Takes a plan away so that nobody applies it: one of yours, or any if you may apply plans.",
  kind: "plan",
  examples: ["discard P-7F3K"],
  positional: ["plan"],
  input: z.strictObject({ plan: z.string().describe("the id of the plan, for example P-7F3K") }),
  async *run(context, { plan }) {
    const id = plan.toUpperCase();
    const known = await context.plans.find(id);
    if (known !== undefined && known.by !== context.person && !context.isOperator) {
      yield { to: "person", view: notYours(known) };
      return;
    }
    const at = new Date(context.clock.now());
    const { settled, record } = await context.plans.settle(id, {
      kind: "discarded",
      by: context.person,
      at,
    });
    if (!settled || record === undefined) {
      yield { to: "person", view: noLongerValid(context, id, record) };
      if (record !== undefined) yield retired(context, record);
      return;
    }
    yield { to: "channel", subject: id, view: planMessage(context, record) };
    yield { to: "person", view: discarded(record) };
  },
});
