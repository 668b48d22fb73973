import { z } from "zod";
import type { CommandContext, Reply } from "./context.ts";

/** What a verb does: `read` answers, `plan` stores a plan, `change` changes something. Who may is for the actions that it calls to say. */
export type VerbKind = "read" | "plan" | "change";

/** How a verb is declared. */
export interface VerbDefinition<Schema extends z.ZodObject> {
  /** One sentence for the help. */
  readonly summary: string;
  readonly kind: VerbKind;
  /** What people may type behind the verb, without the command's name. */
  readonly examples: readonly string[];
  /** Other words for the verb; understood, never shown. */
  readonly aliases?: readonly string[] | undefined;
  /** Arguments that are given by their place, in order; all others are `--name value`. */
  readonly positional: readonly (keyof z.output<Schema> & string)[];
  /** Every argument; all arrive as text. */
  readonly input: Schema;
  /** Other words for arguments, each with the argument it stands for; understood, never shown. */
  readonly argumentAliases?: Readonly<Record<string, keyof z.output<Schema> & string>> | undefined;
  /** Arguments that buttons carry and nobody types. */
  readonly hidden?: readonly (keyof z.output<Schema> & string)[] | undefined;
  /** Said at once, before the work begins. */
  acknowledge?(input: z.output<Schema>): string;
  /** Does the work and yields what to show; throws what the connector throws. */
  run(context: CommandContext, input: z.output<Schema>): AsyncIterable<Reply>;
}

/** One argument of a verb, for help and hints. */
export interface VerbArgument {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly positional: boolean;
}

/** A call that is understood and not yet run. */
export interface PreparedCall {
  readonly kind: VerbKind;
  readonly acknowledgement: string | undefined;
  run(context: CommandContext): AsyncIterable<Reply>;
}

/** Something in a call that is not understood: the argument, and one sentence about it. */
export interface ArgumentProblem {
  readonly argument: string;
  readonly message: string;
}

/** A verb whose argument types are closed in. */
export interface Verb {
  readonly summary: string;
  readonly kind: VerbKind;
  readonly examples: readonly string[];
  readonly aliases: readonly string[];
  readonly arguments: readonly VerbArgument[];
  readonly argumentAliases: Readonly<Record<string, string>>;
  /** Checks arguments by name; returns the call, or everything that is wrong. */
  prepare(
    input: Readonly<Record<string, string>>,
  ): PreparedCall | { readonly problems: readonly ArgumentProblem[] };
}

/** A command and its verbs. */
export interface Command {
  /** Without the slash. */
  readonly name: string;
  readonly summary: string;
  readonly verbs: Readonly<Record<string, Verb>>;
  /** A first word that looks so is no verb but the first argument of one. */
  readonly bare?: { readonly pattern: RegExp; readonly verb: string } | undefined;
}

/**
 * Declares a command.
 *
 * @example
 * export const nodes = defineCommand({ name: "nodes", summary: "Shows nodes.", verbs: { list: defineVerb({ … }) } });
 */
export function defineCommand(command: Command): Command {
  return command;
}

/** Declares a verb of a command: its arguments, and a function that yields what to show. */
export function defineVerb<Schema extends z.ZodObject>(definition: VerbDefinition<Schema>): Verb {
  const { input: schema, positional, hidden = [] } = definition;
  return {
    summary: definition.summary,
    kind: definition.kind,
    examples: definition.examples,
    aliases: definition.aliases ?? [],
    arguments: verbArguments(schema, positional).filter(
      ({ name }) => !hidden.some((other) => other === name),
    ),
    argumentAliases: definition.argumentAliases ?? {},
    prepare(values) {
      const parsed = schema.safeParse(values);
      if (!parsed.success) return { problems: parsed.error.issues.map(problem) };
      return {
        kind: definition.kind,
        acknowledgement: definition.acknowledge?.(parsed.data),
        run: (context) => definition.run(context, parsed.data),
      };
    },
  };
}

function verbArguments(
  schema: z.ZodObject,
  positional: readonly string[],
): readonly VerbArgument[] {
  const all = Object.entries(schema.shape).map(([name, field]) => ({
    name,
    description: z.globalRegistry.get(field)?.description ?? "",
    required: !z.safeParse(field, undefined).success,
    positional: positional.includes(name),
  }));
  const place = ({ name }: VerbArgument): number => positional.indexOf(name);
  return [
    ...all
      .filter((argument) => argument.positional)
      .sort((one, other) => place(one) - place(other)),
    ...all.filter((argument) => !argument.positional),
  ];
}

function problem(issue: z.core.$ZodIssue): ArgumentProblem {
  return { argument: String(issue.path[0] ?? ""), message: issue.message };
}
