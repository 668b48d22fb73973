import { z } from "zod";
import { plain } from "../../../view/text.ts";
import { defineVerb, type Verb } from "../../define.ts";
import { approvalsView } from "../message.ts";

const MOST_LISTED = 10;

/** Lists what waits. */
export const list: Verb = defineVerb({
  summary: "Lists what waits for approval.",
  kind: "read",
  examples: ["list", "list --mine"],
  aliases: ["listar"],
  positional: [],
  input: z.strictObject({
    mine: z.enum(["true", "false"]).optional().describe("only what you can approve"),
  }),
  async *run(context, { mine }) {
    const { kappa4, user } = context;
    const open = (await kappa4.approvals.list()).filter(({ state }) => state === "pending");
    const all = await Promise.all(open.map(({ id }) => kappa4.approvals.get({ approval: id })));
    const isMine = mine === "true";
    const shown = all.filter(({ approvers }) => !isMine || approvers.some(({ id }) => id === user));
    const who = await context.people();
    const nameOf = (id: string): string => plain([who(id)]);
    yield { to: "person", view: approvalsView(shown.slice(0, MOST_LISTED), nameOf) };
  },
});
