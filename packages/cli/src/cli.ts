import { commands } from "./commands/index.ts";
import { EXIT } from "./exit-codes.ts";
import { commandHelp, overview } from "./help.ts";
import type { CommandIo } from "./io.ts";
import { version } from "./version.ts";

/** The command that people look at first. */
const EXAMPLE = "rebalance dry-run";

/**
 * Runs one command line, without the program's name; returns the exit code and never throws.
 * Help and version load nothing else: no connector, no chat library.
 */
export async function main(words: readonly string[], io: CommandIo): Promise<number> {
  const [first] = words;
  if (first === "version" || first === "--version" || first === "-V") {
    io.stdout.write(`${version}\n`);
    return EXIT.ok;
  }
  if (first === undefined) {
    io.stderr.write(overview(commands, EXAMPLE));
    return EXIT.usage;
  }
  // Only the first word can mean the command `help`: a guest or a pool may have this name as well.
  const named = first === "help" ? words.slice(1) : words;
  const wantsHelp = first === "help" || words.some((word) => word === "--help" || word === "-h");
  if (wantsHelp) {
    const rest = named.filter((word) => word !== "--help" && word !== "-h");
    const help = helpFor(rest);
    if (help !== undefined) {
      io.stdout.write(help);
      return EXIT.ok;
    }
  }
  const { runCommand } = await import("./run-command.ts");
  return runCommand(commands, named, io);
}

function helpFor(words: readonly string[]): string | undefined {
  if (words.length === 0) return overview(commands, EXAMPLE);
  const typed = words.filter((word) => !word.startsWith("-")).join(" ");
  const exact = commands.find(({ name }) => typed === name || typed.startsWith(`${name} `));
  if (exact !== undefined) return commandHelp(exact);
  const family = commands.filter(({ name }) => name.startsWith(`${typed} `));
  return family.length > 0 ? overview(family) : undefined;
}
