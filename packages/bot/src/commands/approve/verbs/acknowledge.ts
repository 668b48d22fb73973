import { z } from "zod";
import { defineVerb, type Verb } from "../../define.ts";
import { decided } from "./decide.ts";
import { idField } from "./id-field.ts";

/** Says that an emergency was seen. */
export const acknowledge: Verb = defineVerb({
  summary: "For another Admin: you have seen that somebody went past the others in an emergency.",
  kind: "change",
  examples: ["acknowledge A-92QX"],
  aliases: ["ack", "enterado"],
  positional: ["approval"],
  input: z.strictObject({ approval: idField }),
  async *run(context, { approval }) {
    yield* decided(
      context,
      approval,
      () => context.kappa4.approvals.acknowledge({ approval }, context.once("acknowledge")),
      ({ plan }) => `Acknowledged: nobody is asked about plan ${plan.shortId} any more.`,
    );
  },
});
