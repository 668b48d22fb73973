import { clean } from "@kappa4/bot/terminal";
import type { CommandInput } from "../command.ts";

/** Notes a problem where nobody can be asked and `--yes` is missing: silence must not move guests. */
export function refuseSilence({ flags, io }: CommandInput): void {
  if (flags.has("yes") || io.stdin.isTTY === true) return;
  flags.problem("yes", "missing; nobody can be asked here, so say --yes when the plan is right");
}

/** Asks a question that only `y` or `yes` affirms. Ctrl-C is a no. With `--yes` nothing is asked. */
export async function confirm(input: CommandInput, question: string): Promise<boolean> {
  const { flags, io } = input;
  if (flags.has("yes")) return true;
  io.stderr.write(`${clean(question)} [y/N] `);
  const { promise: interrupted, resolve } = Promise.withResolvers<undefined>();
  const ignore = io.onInterrupt(() => resolve(undefined));
  const answer = await Promise.race([io.stdin.line(), interrupted]).finally(ignore);
  if (answer === undefined) io.stderr.write("\n");
  return /^\s*y(es)?\s*$/i.test(answer ?? "");
}
