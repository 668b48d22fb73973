/** As much of JSON Schema as is told to people. */
export interface FieldSchema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly FieldSchema[];
  readonly oneOf?: readonly FieldSchema[];
  readonly items?: FieldSchema;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly additionalProperties?: boolean | FieldSchema;
  readonly required?: readonly string[];
}

/** Writes a value that is to be typed. */
export type Mark = (value: string) => string;

/** A description ends with the default, where there is one: `At most so many. Default 50.` */
const DEFAULT = /^(.*?)\s*\bDefault:? (.+)\.$/s;

/** What a field means, and what holds when it is left out. */
export function meaning({ description: text = "", default: given }: FieldSchema): {
  readonly default: string | undefined;
  readonly description: string;
} {
  const [, description = text, told] = DEFAULT.exec(text) ?? [];
  const written = given === undefined ? undefined : JSON.stringify(given);
  return { default: told ?? written, description };
}

/** The choices of a schema; itself where it has none. */
export function choicesOf(schema: FieldSchema): readonly FieldSchema[] {
  const choices = schema.anyOf ?? schema.oneOf;
  return choices === undefined ? [schema] : choices.flatMap(choicesOf);
}

/** What the values of a map are, whose keys are anything; undefined where it is no such map. */
export function valuesOfMap({
  properties,
  additionalProperties: values,
}: FieldSchema): FieldSchema | undefined {
  return properties === undefined && typeof values === "object" ? values : undefined;
}

/** Says in a few words what a field takes. */
export function takes(schema: FieldSchema, mark: Mark): string {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) {
    return [...new Set(choices.map((choice) => takes(choice, mark)))].join(" or ");
  }
  const { type, format, items, minLength = 0, maxLength } = schema;
  if (schema.const !== undefined) return mark(String(schema.const));
  if (schema.enum !== undefined) {
    // A long list says less than its beginning.
    const values = schema.enum.slice(0, 6).map((value) => mark(String(value)));
    return `${values.join(", ")}${schema.enum.length > 6 ? ", …" : ""}`;
  }
  if (type === "string" && minLength > 1 && maxLength !== undefined) {
    return `text of ${minLength} to ${maxLength} characters`;
  }
  if (format === "date" || format === "date-time") return "a time";
  if (type === "array") return `a list of ${items === undefined ? "values" : several(items, mark)}`;
  const values = valuesOfMap(schema);
  if (values !== undefined) return `an object of names, each with ${takes(values, mark)}`;
  return [type]
    .flat()
    .map((one) => WORDS[String(one)] ?? "a value")
    .join(" or ");
}

function several(items: FieldSchema, mark: Mark): string {
  return takes(items, mark)
    .replaceAll(/\ban object\b/g, "objects")
    .replace(/^a value$/, "values");
}

const WORDS: Readonly<Record<string, string>> = {
  string: "text",
  integer: "a whole number",
  number: "a number",
  boolean: "yes or no",
  object: "an object",
  null: "null",
};
