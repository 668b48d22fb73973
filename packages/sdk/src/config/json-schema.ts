import { z } from "zod";
import { builtIn, type KnownConnectors } from "./parse.ts";
import { configSchema } from "./schema.ts";
import { isMap } from "./values.ts";

type Node = Record<string, unknown>;

/** Matches a text that holds a variable: the environment decides what becomes of it. */
const variable = { type: "string", pattern: "\\$\\{" } as const;
const BALANCING = { $ref: "#/$defs/balancing" } as const;
/** Keys that people keep in files of their own. */
const FROM_FILE = /^(ca|cert|key|token|password|secret|totp)$/;

/**
 * Makes the JSON Schema of a configuration file, with the options of every connector, for editors.
 * Any value may be a variable, and secrets and certificates may come from a file.
 */
export async function configJsonSchema(connectors: KnownConnectors = builtIn): Promise<object> {
  const { $schema, ...root } = toNode(configSchema);
  const kinds = await Promise.all(connectors.kinds.map((kind) => connectionNode(kind, connectors)));
  const connections = { ...child(root, "connections"), additionalProperties: { anyOf: kinds } };
  const properties = { ...map(root.properties), connections, balancing: BALANCING };
  const { balancing } = map(root.properties);
  const $defs = { balancing: allowVariables(balancing), variable };
  const title = "Configuration of Kappa4";
  return { $schema, title, ...map(allowVariables({ ...root, properties })), $defs };
}

async function connectionNode(kind: string, connectors: KnownConnectors): Promise<Node> {
  const { options } = await connectors.load(kind);
  const { $schema: _, ...node } = toNode(options);
  const own = { kind: { const: kind }, balancing: BALANCING };
  const required = ["kind", ...(Array.isArray(node.required) ? node.required : [])];
  return map(allowFiles({ ...node, properties: { ...own, ...map(node.properties) }, required }));
}

function toNode(schema: z.ZodType): Node {
  return map(z.toJSONSchema(schema, { io: "input", unrepresentable: "any", reused: "inline" }));
}

/** `token` may stand as `tokenFile`; one of them is enough. */
function allowFiles(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(allowFiles);
  if (!isMap(node)) return node;
  const inner = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, allowFiles(value)]),
  );
  const names = Object.keys(map(inner.properties)).filter((name) => FROM_FILE.test(name));
  if (names.length === 0) return inner;
  const files = names.map((name) => {
    return [`${name}File`, { type: "string", description: `Path of a file that holds ${name}.` }];
  });
  const required = Array.isArray(inner.required) ? inner.required : [];
  const either = names
    .filter((name) => required.includes(name))
    .map((name) => ({ anyOf: [{ required: [name] }, { required: [`${name}File`] }] }));
  return {
    ...inner,
    properties: { ...map(inner.properties), ...Object.fromEntries(files) },
    required: required.filter((name) => !names.includes(String(name))),
    ...(either.length === 0 ? {} : { allOf: either }),
  };
}

/** A variable is text, even where a number or a certain form of text is wanted. */
function allowVariables(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(allowVariables);
  if (!isMap(node)) return node;
  const inner = Object.fromEntries(
    Object.entries(node).map(([key, value]) => {
      return [key, key === "propertyNames" ? value : allowVariables(value)];
    }),
  );
  const isNarrow = ["pattern", "format", "enum"].some((key) => key in inner);
  const isScalar = ["number", "integer", "boolean"].includes(String(inner.type));
  if (!isScalar && !(inner.type === "string" && isNarrow)) return inner;
  const { description, default: preset, ...strict } = inner;
  const words = {
    ...(description === undefined ? {} : { description }),
    ...(preset === undefined ? {} : { default: preset }),
  };
  return { ...words, anyOf: [strict, { $ref: "#/$defs/variable" }] };
}

function child(node: Node, name: string): Node {
  return map(map(node.properties)[name]);
}

function map(value: unknown): Node {
  return isMap(value) ? value : {};
}
