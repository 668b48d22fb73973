import { planView } from "@kappa4/bot";
import type { RebalancePlan } from "@kappa4/sdk/balancing";
import type { CommandInput } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { outputFlags } from "../flags/common-flags.ts";
import { historyOptions } from "./history.ts";
import { printAnswer } from "./print.ts";
import { withSource } from "./source.ts";

/** Makes a plan and prints it. */
export function runDryRun(input: CommandInput): Promise<number> {
  const { flags } = input;
  return withSource(input, async (source, options) => {
    const plan = await source.plan({ ...options, ...(await historyOptions(input)) });
    const canApply = plan.moves.length > 0 && !flags.has("snapshot");
    const actions = canApply ? [{ label: "Apply it", command: applyCommand(input) }] : [];
    printAnswer(input, plan, planView(plan, { actions }));
    return flags.has("detailed-exit-code") ? detailedCode(plan) : EXIT.ok;
  });
}

function detailedCode({ moves, status }: RebalancePlan): number {
  if (moves.length > 0) return EXIT.planned;
  return status === "partial" ? EXIT.stuck : EXIT.ok;
}

/** Flags that say how a plan is shown and nothing of the plan. */
const ABOUT_LOOKS: readonly string[] = [...Object.keys(outputFlags), "detailed-exit-code"];

/** A plan made again with the same flags; what is applied is planned afresh. */
function applyCommand({ words }: CommandInput): string {
  const kept = words.filter((word, at) => {
    const [, flag] = /^--([\w-]+)/.exec(word) ?? [];
    return flag === undefined ? words[at - 1] !== "--width" : !ABOUT_LOOKS.includes(flag);
  });
  return ["kappa4 rebalance apply", ...kept.map(quoted)].join(" ");
}

function quoted(word: string): string {
  return /^[\w./:=@,+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
