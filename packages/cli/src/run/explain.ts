import { explainView, guestView } from "@kappa4/bot";
import type { CommandInput } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { historyOptions } from "./history.ts";
import { printAnswer } from "./print.ts";
import { withSource } from "./source.ts";

/** Prints why guests move, or what a plan does with one guest. */
export function runExplain(input: CommandInput): Promise<number> {
  const { positional } = input;
  return withSource(input, async (source, aims) => {
    const options = { ...aims, ...(await historyOptions(input)) };
    if (positional === undefined) {
      const plan = await source.plan(options);
      const { moves, blocked, conflicts } = plan;
      printAnswer(input, { moves, blocked, conflicts }, explainView(plan));
      return EXIT.ok;
    }
    const explanation = await source.explain(positional, options);
    printAnswer(input, explanation, guestView(explanation));
    return EXIT.ok;
  });
}
