import { z } from "zod";
import { defineVerb, type Verb } from "../../define.ts";
import { decided } from "./decide.ts";
import { idField } from "./id-field.ts";

/** Takes a request back. */
export const withdraw: Verb = defineVerb({
  summary: "Takes a request back before it starts: your own, or as an Admin any.",
  kind: "change",
  examples: ["withdraw A-92QX"],
  aliases: ["retirar"],
  positional: ["approval"],
  input: z.strictObject({
    approval: idField,
    reason: z.string().optional().describe("why; behind --"),
  }),
  async *run(context, { approval, reason }) {
    yield* decided(
      context,
      approval,
      () => context.kappa4.approvals.withdraw({ approval, reason }, context.once("withdraw")),
      ({ plan }) => `Withdrawn: plan ${plan.shortId} is not carried out.`,
    );
  },
});
