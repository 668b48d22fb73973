import type { CommandInput } from "../command.ts";

/**
 * Asks a question that only `y` or `yes` affirms. With `--yes` nothing is asked; where nobody can be asked, it
 * throws `config_invalid`: silence must not move guests.
 */
export async function confirm(input: CommandInput, question: string): Promise<boolean> {
  const { flags, io } = input;
  if (flags.has("yes")) return true;
  if (io.stdin.isTTY !== true) {
    flags.problem("yes", "missing; nobody can be asked here, so say --yes when the plan is right");
    flags.check();
  }
  io.stderr.write(`${question} [y/N] `);
  const answer = await io.stdin.line();
  if (answer === undefined) io.stderr.write("\n");
  return /^\s*y(es)?\s*$/i.test(answer ?? "");
}
