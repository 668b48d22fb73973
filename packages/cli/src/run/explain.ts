import { explainView, guestView } from "@kappa4/bot";
import type { CommandInput } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { planOptions } from "../flags/plan-options.ts";
import { historyOptions } from "./history.ts";
import { lookOf, printAnswer } from "./print.ts";
import { openSource } from "./source.ts";

/** Prints why guests move, or what a plan does with one guest. */
export async function runExplain(input: CommandInput): Promise<number> {
  const { flags, io, positional } = input;
  const aims = planOptions(flags);
  lookOf(input, io.stdout);
  flags.check();
  const options = { ...aims, ...(await historyOptions(input)) };
  const source = await openSource(input);
  try {
    if (positional === undefined) {
      const plan = await source.plan(options);
      const { moves, blocked, conflicts } = plan;
      printAnswer(input, { moves, blocked, conflicts }, explainView(plan));
      return EXIT.ok;
    }
    const explanation = await source.explain(positional, options);
    printAnswer(input, explanation, guestView(explanation));
    return EXIT.ok;
  } finally {
    await source.close();
  }
}
