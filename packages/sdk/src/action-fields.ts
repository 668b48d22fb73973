import { z } from "zod";

/** One field of what an action takes, for people. */
export interface ActionField {
  readonly name: string;
  /** In a few words: `text`, `a whole number`, `a list of text`. */
  readonly takes: string;
  readonly isRequired: boolean;
  /** What holds when it is left out; undefined where nothing does. */
  readonly default: string | undefined;
  /** What it means, without its default; empty where nothing is to be said. */
  readonly description: string;
}

interface Schema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

/** Lists the fields of what an action takes, in the order in which they are declared; `mark` writes values to be typed. */
export function actionFields(
  input: z.ZodType,
  mark: (value: string) => string = (value) => value,
): readonly ActionField[] {
  const schema = z.toJSONSchema(input, {
    io: "input",
    unrepresentable: "any",
    reused: "inline",
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === "date") Object.assign(jsonSchema, { format: "date" });
    },
  }) as Schema;
  return Object.entries(schema.properties ?? {}).map(([name, one]) => ({
    ...{ name, takes: takes(one, mark), isRequired: schema.required?.includes(name) ?? false },
    ...meaning(one),
  }));
}

/** A description ends with the default, where there is one: `At most so many. Default 50.` */
const DEFAULT = /^(.*?)\s*\bDefault:? (.+)\.$/s;

function meaning(schema: Schema): Pick<ActionField, "default" | "description"> {
  const text = schema.description ?? "";
  const [, description = text, told] = DEFAULT.exec(text) ?? [];
  const given = schema.default === undefined ? undefined : JSON.stringify(schema.default);
  return { default: told ?? given, description };
}

/** What a field takes, in a few words. */
function takes(schema: Schema, mark: (value: string) => string): string {
  const { type, format, anyOf, oneOf, items } = schema;
  const choices = anyOf ?? oneOf;
  if (choices !== undefined)
    return [...new Set(choices.map((choice) => takes(choice, mark)))].join(" or ");
  if (schema.const !== undefined) return mark(String(schema.const));
  if (schema.enum !== undefined) {
    // A long list says less than its beginning.
    const values = schema.enum.slice(0, 6).map((value) => mark(String(value)));
    return `${values.join(", ")}${schema.enum.length > 6 ? ", …" : ""}`;
  }
  const { minLength = 0, maxLength } = schema;
  if (type === "string" && minLength > 1 && maxLength !== undefined) {
    return `text of ${minLength} to ${maxLength} characters`;
  }
  if (format === "date" || format === "date-time") return "a time";
  if (type === "array") return `a list of ${items === undefined ? "values" : takes(items, mark)}`;
  return WORDS[String(type)] ?? "a value";
}

const WORDS: Readonly<Record<string, string>> = {
  string: "text",
  integer: "a whole number",
  number: "a number",
  boolean: "yes or no",
  object: "an object",
};
