import { closest, redactText } from "@kappa4/sdk";
import type { View } from "../view/model.ts";
import type { ArgumentProblem, Command, PreparedCall, Verb } from "./define.ts";
import { readWords, type Words } from "./grammar.ts";
import { commandHelpView } from "./help-view.ts";

/** What became of a typed line: a call that can run, or an answer that says what to type instead. */
export type ReadCall =
  | { readonly call: PreparedCall; readonly verb: string }
  | { readonly answer: View };

/** Understands what was typed behind a command. Pure: the same text gives the same answer. */
export function readCall(command: Command, text: string): ReadCall {
  // What is typed is shown again, in a channel too.
  const words = readWords(redactText(text));
  if ("problem" in words) return { answer: problemView(words.problem, command) };
  const [typed = "help", ...places] = withVerb(command, words.plain);
  if (typed === "help") return { answer: commandHelpView(command, places[0]) };
  const found = findVerb(command, typed);
  if (found === undefined) return { answer: unknownVerb(command, typed) };
  const { name, verb } = found;
  const input = bind(name, verb, { ...words, plain: places });
  if ("problem" in input) return { answer: problemView(input.problem, command, name) };
  return prepareCall(command, name, input.values);
}

/** Prepares a call whose arguments are known by name, as buttons store them. */
export function prepareCall(
  command: Command,
  verbName: string,
  given: Readonly<Record<string, string>>,
): ReadCall {
  const verb = command.verbs[verbName];
  if (verb === undefined) return { answer: unknownVerb(command, verbName) };
  const input = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, redactText(value)]),
  );
  const prepared = verb.prepare(input);
  if (!("problems" in prepared)) return { call: prepared, verb: verbName };
  const sentences = prepared.problems.map((problem) => problemSentence(verb, problem, input));
  return { answer: problemView(sentences.join("\n"), command, verbName) };
}

function withVerb({ bare }: Command, plain: readonly string[]): readonly string[] {
  const [first] = plain;
  return bare !== undefined && first !== undefined && bare.pattern.test(first)
    ? [bare.verb, ...plain]
    : plain;
}

function findVerb(command: Command, typed: string): { name: string; verb: Verb } | undefined {
  const wanted = typed.toLowerCase();
  for (const [name, verb] of Object.entries(command.verbs)) {
    if (name === wanted || verb.aliases.includes(wanted)) return { name, verb };
  }
  return undefined;
}

function unknownVerb(command: Command, typed: string): View {
  const guess = closest(typed, Object.keys(command.verbs));
  const hint = guess === undefined ? "" : ` Did you mean ${guess}?`;
  return problemView(`/${command.name} has no verb ${typed}.${hint}`, command);
}

/** Gives each word its argument. */
function bind(
  name: string,
  verb: Verb,
  words: Words,
): { readonly values: Readonly<Record<string, string>> } | { readonly problem: string } {
  const known = verb.arguments.map((argument) => argument.name);
  const places = verb.arguments.filter(({ positional }) => positional);
  const values: Record<string, string> = {};
  for (const [typed, value] of Object.entries(words.named)) {
    const option = verb.argumentAliases[typed] ?? typed;
    if (values[option] !== undefined) {
      return { problem: `${option} is given twice: ${values[option]} and ${value}.` };
    }
    if (!known.includes(option)) return { problem: unknownOption(name, option, known) };
    values[option] = value;
  }
  for (const [index, word] of words.plain.entries()) {
    const place = places[index];
    if (place === undefined) {
      return { problem: `${name} takes ${atMost(places.length)}; ${word} is one too many.` };
    }
    if (values[place.name] !== undefined) {
      return { problem: `${place.name} is given twice: ${values[place.name]} and ${word}.` };
    }
    values[place.name] = word;
  }
  if (words.rest !== undefined && words.rest !== "" && known.includes("reason"))
    values.reason = words.rest;
  return { values };
}

function unknownOption(verb: string, option: string, known: readonly string[]): string {
  const guess = closest(option, known);
  if (guess !== undefined) return `${verb} has no option --${option}. Did you mean --${guess}?`;
  return `${verb} has no option --${option}; it has ${known.map((name) => `--${name}`).join(", ") || "none"}.`;
}

function problemSentence(
  verb: Verb,
  { argument, message }: ArgumentProblem,
  input: Readonly<Record<string, string>>,
): string {
  const spec = verb.arguments.find(({ name }) => name === argument);
  if (spec === undefined) return message;
  const name = spec.positional ? spec.name : `--${spec.name}`;
  if (input[argument] === undefined) return `${name} is missing: ${spec.description}.`;
  return `${name} cannot be ${input[argument]}: ${message}.`;
}

function atMost(places: number): string {
  if (places === 0) return "no word behind it";
  return places === 1 ? "one word behind it" : `${places} words behind it`;
}

function problemView(problem: string, command: Command, verb?: string): View {
  const help = verb === undefined ? `/${command.name} help` : `/${command.name} help ${verb}`;
  const example = verb === undefined ? undefined : command.verbs[verb]?.examples[0];
  return {
    blocks: [
      { kind: "text", tone: "bad", text: problem },
      {
        kind: "note",
        text: [
          ...(example === undefined
            ? []
            : ["For example ", { code: `/${command.name} ${example}` }, ". "]),
          "All about it: ",
          { code: help },
        ],
      },
    ],
  };
}
