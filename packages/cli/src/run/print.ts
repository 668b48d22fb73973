import type { View } from "@kappa4/bot";
import { renderTerminal, type TerminalOptions, terminalOptions } from "@kappa4/bot/terminal";
import type { CommandInput } from "../command.ts";
import type { OutputStream } from "../io.ts";

/** Works out how a stream shows things: the flags win over the terminal and the environment. */
export function lookOf(
  { flags, io }: CommandInput,
  stream: OutputStream,
): Required<TerminalOptions> {
  const found = terminalOptions(stream, io.env);
  const width = flags.number("width", { least: 1, whole: true }) ?? found.width;
  return { ...found, width, color: found.color && !flags.has("no-color") };
}

/** Prints a value for programs, or its view for people, as the flags say. */
export function printAnswer(input: CommandInput, value: unknown, view: View): void {
  const { flags, io } = input;
  if (flags.has("json")) printJson(input, value);
  else io.stdout.write(renderTerminal(view, lookOf(input, io.stdout)));
}

/** Prints a value as JSON. */
export function printJson({ io }: Pick<CommandInput, "io">, value: unknown): void {
  io.stdout.write(`${jsonText(value, 2)}\n`);
}

/** Writes a value as JSON in which nothing can steer a terminal; programs read the same value. */
export function jsonText(value: unknown, indent = 0): string {
  const text = JSON.stringify(value, null, indent);
  return text.replace(/(?!\n)[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
