import { z } from "zod";
import type { View } from "../../../view/model.ts";
import type { CommandContext } from "../../context.ts";
import { defineVerb, type Verb } from "../../define.ts";
import { explainView } from "../explain-view.ts";
import { guestView } from "../guest-view.ts";
import { getRebalance } from "../stored.ts";
import { whichConnection } from "../which.ts";

const MOST_IN_CHAT = 30;
const PLAN_ID = /^P-[0-9A-Z]{4,12}$/i;

const input = z.strictObject({
  what: z.string().describe("the id of a plan, for example P-7F3K, or the name or id of a guest"),
  guest: z.string().optional().describe("one guest of the plan, by name or id"),
  connection: z.string().optional().describe("which connection, when there are several"),
});

/** Shows the reasons behind a stored plan, or what a plan made now would do with a guest. */
export const explain: Verb = defineVerb({
  summary: "Shows why each guest of a plan moves or stays, or what would become of one guest now.",
  kind: "read",
  examples: ["explain P-7F3K", "explain P-7F3K web-03", "explain web-03"],
  aliases: ["why", "explicar"],
  positional: ["what", "guest"],
  input,
  async *run(context, values) {
    const view = PLAN_ID.test(values.what)
      ? await ofPlan(context, values.what, values.guest)
      : await ofGuest(context, values.what, values.connection);
    yield { to: "person", view };
  },
});

async function ofPlan(
  context: CommandContext,
  id: string,
  guest: string | undefined,
): Promise<View> {
  const { shortId, content } = await getRebalance(context, id);
  return explainView(content, { id: shortId, guest, most: MOST_IN_CHAT });
}

async function ofGuest(
  { kappa4 }: CommandContext,
  named: string,
  connection: string | undefined,
): Promise<View> {
  const name = whichConnection(kappa4.connections, connection);
  return guestView(await kappa4.rebalance.explain({ connection: name, guest: named }), {
    most: MOST_IN_CHAT,
  });
}
