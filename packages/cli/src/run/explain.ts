import { explainView } from "@kappa4/bot";
import type { CommandInput } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { planOptions } from "../flags/plan-options.ts";
import { findGuest } from "./find-guest.ts";
import { lookOf, printAnswer } from "./print.ts";
import { openSource } from "./source.ts";

/** Prints why guests move, or why they stay. */
export async function runExplain(input: CommandInput): Promise<number> {
  const { flags, io, positional } = input;
  const options = planOptions(flags);
  lookOf(input, io.stdout);
  flags.check();
  const source = await openSource(input);
  try {
    const guest =
      positional === undefined ? undefined : findGuest(await source.snapshot(), positional);
    const plan = await source.plan(options);
    const isMeant = (entry: { readonly guest: unknown }): boolean =>
      guest === undefined || entry.guest === guest.id;
    const answer = {
      moves: plan.moves.filter(isMeant),
      blocked: plan.blocked.filter(isMeant),
      conflicts: plan.conflicts.filter(
        ({ guests }) => guest === undefined || guests.includes(guest.id),
      ),
    };
    const named = guest === undefined ? undefined : String(guest.id);
    printAnswer(input, answer, explainView(plan, { guest: named }));
    return EXIT.ok;
  } finally {
    await source.close();
  }
}
