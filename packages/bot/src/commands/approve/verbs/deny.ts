import { z } from "zod";
import { defineVerb, type Verb } from "../../define.ts";
import { decided } from "./decide.ts";
import { idField } from "./id-field.ts";

/** Denies somebody else's plan. */
export const deny: Verb = defineVerb({
  summary: "Denies somebody else's plan; one denial ends it.",
  kind: "change",
  examples: ["deny A-92QX -- the backup runs until six"],
  aliases: ["rechazar", "no"],
  positional: ["approval"],
  input: z.strictObject({
    approval: idField,
    reason: z.string().min(1, "say why").describe("why; behind --"),
  }),
  async *run(context, { approval, reason }) {
    yield* decided(
      context,
      approval,
      () => context.kappa4.approvals.deny({ approval, reason }, context.once("deny")),
      ({ plan }) => `Denied: plan ${plan.shortId} is not carried out.`,
    );
  },
});
