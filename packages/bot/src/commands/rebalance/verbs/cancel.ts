import { z } from "zod";
import type { View } from "../../../view/model.ts";
import { defineVerb, type Verb } from "../../define.ts";
import { runSentence } from "../answers.ts";
import { runMessage } from "../run-message.ts";

/** Stops a run: what is under way is followed to its end, nothing more is started. */
export const cancel: Verb = defineVerb({
  summary: "Stops a run after the moves under way; nothing is left half-moved.",
  kind: "change",
  examples: ["cancel R-11CD"],
  aliases: ["stop", "cancelar"],
  positional: ["run"],
  input: z.strictObject({ run: z.string().describe("the id of the run, for example R-11CD") }),
  async *run(context, { run }) {
    const { runs, clock, person } = context;
    const id = run.toUpperCase();
    const stopped = runs.stop(id, { person });
    const record = runs.find(id);
    if (record === undefined) {
      yield { to: "person", view: say(`There is no run ${id} that could be stopped.`) };
      return;
    }
    // Nothing may happen for minutes that would bring the message up to date.
    if (stopped) yield { to: "channel", subject: id, view: runMessage(context, record) };
    const sentence = runSentence(record, clock.now());
    yield {
      to: "person",
      view: say(
        stopped
          ? `Run ${id} starts nothing more. ${sentence}`
          : `Run ${id} is over already. ${sentence}`,
      ),
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
