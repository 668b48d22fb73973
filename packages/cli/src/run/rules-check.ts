import { rulesView } from "@kappa4/bot";
import type { RuleReport } from "@kappa4/sdk/balancing";
import type { CommandInput } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { printAnswer } from "./print.ts";
import { withSource } from "./source.ts";

/** Prints the rules and whether they hold. */
export function runRulesCheck(input: CommandInput): Promise<number> {
  return withSource(input, async (source, options) => {
    const report = await source.rules(options);
    printAnswer(input, report, rulesView(report));
    return input.flags.has("detailed-exit-code") ? detailedCode(report) : EXIT.ok;
  });
}

function detailedCode({ violations, conflicts }: RuleReport): number {
  if (conflicts.length > 0) return EXIT.stuck;
  return violations.length > 0 ? EXIT.planned : EXIT.ok;
}
