import { z } from "zod";
import { defineVerb, type Verb } from "../../define.ts";
import { afterYes, decided } from "./decide.ts";
import { idField } from "./id-field.ts";

/** Goes past those who would have to approve. */
export const breakGlass: Verb = defineVerb({
  summary: "For Admins in an emergency: goes past those who would have to approve; all are told.",
  kind: "change",
  examples: [
    "break-glass A-92QX --ticket INC-204 --hash 9f2c11ab -- pve-01 is about to run out of memory",
  ],
  positional: ["approval"],
  input: z.strictObject({
    approval: idField,
    ticket: z.string().describe("the incident or ticket that it is for"),
    hash: z.string().describe("the first 8 characters of the plan's hash, or more, typed"),
    reason: z.string().describe("why it cannot wait; behind --"),
  }),
  async *run(context, input) {
    yield* decided(
      context,
      input.approval,
      () => context.kappa4.approvals.breakGlass(input, context.once("break-glass")),
      afterYes,
    );
  },
});
