import { parseArgs } from "node:util";
import { closest, type Issue } from "@kappa4/sdk";
import type { CommandSpec } from "../command.ts";
import { FlagValues } from "./flag-values.ts";
import { usageError } from "./usage-error.ts";

/** The words of a command line, sorted. */
export interface Arguments {
  readonly positional: string | undefined;
  readonly flags: FlagValues;
}

/** Sorts the words after a command. Throws `config_invalid` with every word that is wrong. */
export function readArguments(command: CommandSpec, words: readonly string[]): Arguments {
  const options = Object.fromEntries(
    Object.entries(command.flags).map(([name, { value }]) => {
      return [name, { type: value === undefined ? "boolean" : "string" } as const];
    }),
  );
  const { tokens } = parseArgs({ args: [...words], options, strict: false, tokens: true });
  const issues: Issue[] = [];
  const values = new Map<string, readonly string[]>();
  const positionals: string[] = [];
  let skipped = -1;
  for (const token of tokens) {
    // The word after an unknown flag was most likely its value: complaining about both would be one too many.
    if (token.kind === "positional" && token.index !== skipped) positionals.push(token.value);
    if (token.kind !== "option") continue;
    const spec = command.flags[token.name];
    if (spec === undefined) {
      issues.push({ path: token.rawName, message: unknownFlag(command, token.name) });
      if (token.value === undefined) skipped = token.index + 1;
      continue;
    }
    const earlier = values.get(token.name) ?? [];
    const message = flagProblem(spec, token.value, token.inlineValue === true, earlier.length > 0);
    if (message !== undefined) issues.push({ path: token.rawName, message });
    values.set(token.name, [...earlier, token.value ?? ""]);
  }
  issues.push(...positionalIssues(command, positionals));
  if (issues.length > 0) throw usageError(command, issues);
  return { positional: positionals[0], flags: new FlagValues(command, values) };
}

function unknownFlag(command: CommandSpec, name: string): string {
  const refused = command.refused?.[name];
  if (refused !== undefined) return refused;
  const meant = closest(name, Object.keys(command.flags));
  if (meant !== undefined) return `unknown flag; did you mean --${meant}?`;
  return `unknown flag; see kappa4 help ${command.name}`;
}

function flagProblem(
  spec: { readonly value?: string | undefined; readonly multiple?: boolean | undefined },
  value: string | undefined,
  isInline: boolean,
  isRepeated: boolean,
): string | undefined {
  if (isRepeated && spec.multiple !== true) return "given twice; give it once";
  if (spec.value === undefined) {
    return value === undefined ? undefined : "takes no value; leave out what follows the =";
  }
  const isForgotten = value === undefined || (!isInline && value.startsWith("--"));
  return isForgotten || value === "" ? `needs a value: ${spec.value}` : undefined;
}

function positionalIssues(
  { name, positional }: CommandSpec,
  given: readonly string[],
): readonly Issue[] {
  const allowed = positional === undefined ? 0 : 1;
  if (positional?.required === true && given.length === 0) {
    return [{ path: positional.name, message: `missing; give ${positional.summary}` }];
  }
  return given
    .slice(allowed)
    .map((word) => ({ path: word, message: `one word too many; see kappa4 help ${name}` }));
}
