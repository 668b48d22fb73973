import { pastRunsView, standingView } from "@kappa4/bot";
import type { CommandInput } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { namesIn } from "./names-in.ts";
import { lookOf, printAnswer } from "./print.ts";
import { openKappa4 } from "./source.ts";

/** Prints how the levelling of each cluster stands. */
export async function runStatus(input: CommandInput): Promise<number> {
  const { flags, io } = input;
  lookOf(input, io.stdout);
  flags.check();
  const connection = flags.text("connection");
  const kappa4 = await openKappa4(input);
  try {
    const statuses = await kappa4.rebalance.status({ connection });
    printAnswer(input, statuses, standingView(statuses, await namesIn(kappa4)));
    return EXIT.ok;
  } finally {
    await kappa4.close();
  }
}

/** Prints the rebalances that are over. */
export async function runHistory(input: CommandInput): Promise<number> {
  const { flags, io } = input;
  lookOf(input, io.stdout);
  const limit = flags.number("limit", { least: 1, whole: true });
  flags.check();
  const asked = { connection: flags.text("connection"), before: flags.text("before"), limit };
  const kappa4 = await openKappa4(input);
  try {
    const runs = await kappa4.rebalance.history(asked);
    printAnswer(input, runs, pastRunsView(runs, await namesIn(kappa4)));
    return EXIT.ok;
  } finally {
    await kappa4.close();
  }
}
