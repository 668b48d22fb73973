import { z } from "zod";
import { type FieldSchema, type Mark, meaning, takes } from "./field-words.ts";
import { type InnerField, innerFields } from "./inner-fields.ts";

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
  /** What is inside, where it takes objects; as deep as it goes. */
  readonly inside: readonly InnerField[];
}

/** Lists the fields of what an action takes, in the order in which they are declared; `mark` writes values to be typed. */
export function actionFields(
  input: z.ZodType,
  mark: Mark = (value) => value,
): readonly ActionField[] {
  const schema = z.toJSONSchema(input, {
    io: "input",
    unrepresentable: "any",
    reused: "inline",
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === "date") Object.assign(jsonSchema, { format: "date" });
    },
  }) as FieldSchema;
  return Object.entries(schema.properties ?? {}).map(([name, one]) => ({
    ...{ name, takes: takes(one, mark), isRequired: schema.required?.includes(name) ?? false },
    ...meaning(one),
    inside: innerFields(one, name, mark),
  }));
}
