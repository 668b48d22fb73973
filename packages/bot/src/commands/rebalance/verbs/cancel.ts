import { z } from "zod";
import type { View } from "../../../view/model.ts";
import { defineVerb, type Verb } from "../../define.ts";
import { runSentence } from "../answers.ts";
import { runMessage } from "../run-message.ts";

/** Stops a run: what is under way is followed to its end, nothing more is started. */
export const cancel: Verb = defineVerb({
  summary: "Stops a run after the moves under way; nothing is left half-moved.",
  kind: "change",
  examples: ["cancel R-11CD", "cancel R-11CD --incident INC-204 -- storage is slow"],
  aliases: ["stop", "cancelar"],
  positional: ["run"],
  input: z.strictObject({
    run: z.string().describe("the id of the run, for example R-11CD"),
    incident: z.string().optional().describe("the incident in which you stop somebody else's run"),
    reason: z.string().optional().describe("why; behind --"),
  }),
  async *run(context, { run: id, incident, reason = "stopped in chat" }) {
    const { kappa4, clock } = context;
    const run = await kappa4.runs.cancel({ run: id, reason, incident }, context.once("cancel"));
    const plan = await kappa4.plans.get({ plan: run.plan });
    const who = await context.people();
    // Nothing may happen for minutes that would bring the message up to date.
    const now = new Date(clock.now());
    yield { to: "message", subject: run.shortId, view: runMessage(run, { plan, who, now }) };
    const sentence = runSentence(run, plan, clock.now());
    yield {
      to: "person",
      view: say(`Run ${run.shortId} starts nothing more. ${sentence}`),
    };
  },
});

function say(text: string): View {
  return {
    blocks: [
      { kind: "text", text },
      { kind: "note", text: ["How things stand: ", { code: "/rebalance status" }] },
    ],
  };
}
