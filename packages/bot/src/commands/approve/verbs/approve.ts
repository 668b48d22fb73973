import { Kappa4Error } from "@kappa4/sdk";
import { z } from "zod";
import { defineVerb, type Verb } from "../../define.ts";
import { afterYes, decided } from "./decide.ts";
import { idField } from "./id-field.ts";

/** Approves somebody else's plan. */
export const approve: Verb = defineVerb({
  summary: "Approves somebody else's plan; it starts when that was the last approval it needed.",
  kind: "change",
  examples: ["A-92QX", "A-92QX --hash 9f2c11ab"],
  aliases: ["aprobar", "yes"],
  positional: ["approval"],
  input: z.strictObject({
    approval: idField,
    hash: z.string().optional().describe("the beginning of the hash that you were shown"),
  }),
  async *run(context, { approval: id, hash: shown }) {
    const { kappa4 } = context;
    yield* decided(
      context,
      id,
      async () => {
        const { hash } = await kappa4.approvals.get({ approval: id });
        const typed = shown?.replaceAll(/\s/g, "").toLowerCase();
        if (typed !== undefined) refuseOther(typed, hash);
        return kappa4.approvals.approve({ approval: id, hash }, context.once("approve"));
      },
      afterYes,
    );
  },
});

/** People type the hash as it is shown: its beginning. */
function refuseOther(typed: string, hash: string): void {
  if (typed.length >= 8 && hash.startsWith(typed)) return;
  const message =
    typed.length < 8
      ? `This takes at least the first 8 characters of the plan's hash, and these are ${typed.length}; look at the plan, and type them without a space.`
      : "This is not the plan you were shown; look at the plan as it is now, then decide.";
  throw new Kappa4Error("invalid_argument", message);
}
