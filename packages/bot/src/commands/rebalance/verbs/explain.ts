import { z } from "zod";
import { defineVerb, type Verb } from "../../define.ts";
import { unknownPlan } from "../answers.ts";
import { explainView } from "../explain-view.ts";

const MOST_IN_CHAT = 30;

/** Shows the reasons behind a stored plan to the person who asks. */
export const explain: Verb = defineVerb({
  summary: "Shows why each guest of a plan moves, and what keeps those that stay.",
  kind: "read",
  examples: ["explain P-7F3K", "explain P-7F3K web-03"],
  aliases: ["why", "explicar"],
  positional: ["plan", "guest"],
  input: z.strictObject({
    plan: z.string().describe("the id of the plan, for example P-7F3K"),
    guest: z.string().optional().describe("name or id of one guest"),
  }),
  async *run({ plans }, { plan, guest }) {
    const id = plan.toUpperCase();
    const record = await plans.find(id);
    if (record === undefined) {
      yield { to: "person", view: unknownPlan(id) };
      return;
    }
    yield { to: "person", view: explainView(record.plan, { id, guest, most: MOST_IN_CHAT }) };
  },
});
