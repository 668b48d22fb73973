import type { CommandSpec, FlagSpec } from "./command.ts";

/** Lists commands, one line each. `example` is the one that the last lines go on with; default: the first. */
export function overview(
  commands: readonly CommandSpec[],
  example: string | undefined = commands[0]?.name,
): string {
  const rows = commands.map(({ name, positional, summary }) => {
    return [[name, positionalText(positional)].filter(Boolean).join(" "), summary] as const;
  });
  return `${[
    "kappa4 keeps clusters level: it plans which guests move, says why, and moves them.",
    "",
    "Usage: kappa4 <command> [flags]",
    "",
    ...columns(rows),
    "",
    `More about one:  kappa4 help ${example}`,
    "Exit codes:      0 done, 1 error, 2 wrong input, 3 a move failed or a record is not intact,",
    "                 4 stale plan, 5 cancelled by somebody else, 11 not to be had, 130 Ctrl-C; with",
    "                 --detailed-exit-code 10: moves are planned, or a rule is broken",
  ].join("\n")}\n`;
}

/** Tells everything about one command. */
export function commandHelp({
  name,
  summary,
  positional,
  flags,
  examples,
  notes = [],
}: CommandSpec): string {
  const usage = ["kappa4", name, positionalText(positional), "[flags]"].filter(Boolean).join(" ");
  const rows = Object.entries(flags).map(
    ([flag, spec]) => [flagText(flag, spec), spec.summary] as const,
  );
  return `${[
    summary,
    "",
    `Usage: ${usage}`,
    ...(positional === undefined
      ? []
      : ["", ...columns([[positional.name, sentence(positional.summary)]])]),
    ...(rows.length === 0 ? [] : ["", ...columns(rows)]),
    "",
    "Examples:",
    ...examples.map((example) => `  kappa4 ${example}`),
    ...(notes.length === 0 ? [] : ["", ...notes]),
  ].join("\n")}\n`;
}

function columns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}

function flagText(name: string, { value }: FlagSpec): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}

function positionalText(positional: CommandSpec["positional"]): string {
  if (positional === undefined) return "";
  return positional.required ? positional.name : `[${positional.name}]`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
