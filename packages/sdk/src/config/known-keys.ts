import { z } from "zod";

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Lists the keys that a schema allows at a path, over all alternatives that a value there may take. */
export function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  const root = z.toJSONSchema(schema, { io: "input", unrepresentable: "any", reused: "inline" });
  let level: readonly JsonSchema[] = alternatives(root);
  for (const key of path) level = level.flatMap((node) => step(node, key));
  return [...new Set(level.flatMap((node) => Object.keys(node.properties ?? {})))];
}

function step(node: JsonSchema, key: PropertyKey): readonly JsonSchema[] {
  const named = typeof key === "string" ? node.properties?.[key] : undefined;
  const next = named ?? (typeof key === "number" ? node.items : node.additionalProperties);
  return typeof next === "object" && !Array.isArray(next) ? alternatives(next) : [];
}

function alternatives(node: JsonSchema | boolean): readonly JsonSchema[] {
  if (typeof node === "boolean") return [];
  const choices = node.anyOf ?? node.oneOf ?? node.allOf;
  return choices === undefined ? [node] : choices.flatMap(alternatives);
}
