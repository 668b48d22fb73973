import { rulesView } from "@kappa4/bot";
import type { RuleReport } from "@kappa4/sdk/balancing";
import type { CommandInput } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { planOptions } from "../flags/plan-options.ts";
import { lookOf, printAnswer } from "./print.ts";
import { openSource } from "./source.ts";

/** Prints the rules and whether they hold. */
export async function runRulesCheck(input: CommandInput): Promise<number> {
  const { flags, io } = input;
  const options = planOptions(flags);
  lookOf(input, io.stdout);
  flags.check();
  const source = await openSource(input);
  try {
    const report = await source.rules(options);
    printAnswer(input, report, rulesView(report));
    return flags.has("detailed-exit-code") ? detailedCode(report) : EXIT.ok;
  } finally {
    await source.close();
  }
}

function detailedCode({ violations, conflicts }: RuleReport): number {
  if (conflicts.length > 0) return EXIT.stuck;
  return violations.length > 0 ? EXIT.planned : EXIT.ok;
}
