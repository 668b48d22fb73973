import { parameterError } from "../errors.ts";

/** What a parameter of an operation may look like. */
export interface Parameter {
  readonly type: "string" | "integer" | "number" | "boolean";
  readonly optional?: boolean | undefined;
  readonly enum?: readonly string[] | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly pattern?: RegExp | undefined;
  /** Name of the format, and what it matches. */
  readonly format?: { readonly name: string; readonly test: RegExp } | undefined;
  /** Several values may be given. */
  readonly list?: boolean | undefined;
}

/** A checked value. */
export type Value = string | number | boolean | readonly string[];

/** The values as they came in: text from a query or a form, anything from JSON. */
export type RawValues = ReadonlyMap<string, unknown>;

/** The parameters of an operation. */
export interface ParameterSchema {
  readonly named: Readonly<Record<string, Parameter>>;
  /** Parameters that come numbered, for example `net0`, by prefix. */
  readonly numbered?: Readonly<Record<string, Parameter>> | undefined;
}

const TRUE = new Set(["1", "on", "yes", "true"]);
const FALSE = new Set(["0", "off", "no", "false"]);

/** Checks all values against a schema. Throws the 400 that names every one that is wrong. */
export function checkParameters(
  schema: ParameterSchema,
  raw: RawValues,
): ReadonlyMap<string, Value> {
  const errors: Record<string, string> = {};
  const values = new Map<string, Value>();
  for (const [name, value] of raw) {
    const parameter = find(schema, name);
    if (!parameter) {
      errors[name] =
        "property is not defined in schema and the schema does not allow additional properties";
      continue;
    }
    const checked = check(parameter, value);
    if (typeof checked === "object" && "error" in checked) errors[name] = checked.error;
    else values.set(name, checked);
  }
  for (const [name, parameter] of Object.entries(schema.named)) {
    if (parameter.optional || raw.has(name)) continue;
    errors[name] = "property is missing and it is not optional";
  }
  if (Object.keys(errors).length > 0) throw parameterError(errors);
  return values;
}

function find(schema: ParameterSchema, name: string): Parameter | undefined {
  if (Object.hasOwn(schema.named, name)) return schema.named[name];
  const prefix = /^(\D+)\d+$/.exec(name)?.[1];
  if (!prefix || !schema.numbered || !Object.hasOwn(schema.numbered, prefix)) return undefined;
  return schema.numbered[prefix];
}

function check(parameter: Parameter, value: unknown): Value | { readonly error: string } {
  if (parameter.list) {
    const items = Array.isArray(value) ? value : [value];
    return items.map((item) => String(item));
  }
  if (Array.isArray(value)) return { error: `type check ('${parameter.type}') failed - got ARRAY` };
  if (typeof value === "object" && value !== null) {
    return { error: `type check ('${parameter.type}') failed - got HASH` };
  }
  const text = value === undefined || value === null ? "" : String(value);
  if (parameter.type === "boolean") return checkBoolean(text);
  if (parameter.type === "string") return checkText(parameter, text);
  return checkNumber(parameter, text);
}

function checkBoolean(text: string): Value | { readonly error: string } {
  const folded = text.toLowerCase();
  if (TRUE.has(folded)) return true;
  if (FALSE.has(folded)) return false;
  return { error: `type check ('boolean') failed - got '${text}'` };
}

function checkNumber(parameter: Parameter, text: string): Value | { readonly error: string } {
  const shape = parameter.type === "integer" ? /^[+-]?\d+$/ : /^[+-]?\d+\.?\d*$/;
  if (!shape.test(text))
    return { error: `type check ('${parameter.type}') failed - got '${text}'` };
  const number = Number(text);
  if (parameter.minimum !== undefined && number < parameter.minimum) {
    return { error: `value must have a minimum value of ${parameter.minimum}` };
  }
  if (parameter.maximum !== undefined && number > parameter.maximum) {
    return { error: `value must have a maximum value of ${parameter.maximum}` };
  }
  return number;
}

function checkText(parameter: Parameter, text: string): Value | { readonly error: string } {
  if (parameter.maxLength !== undefined && text.length > parameter.maxLength) {
    return { error: `value may only be ${parameter.maxLength} characters long` };
  }
  if (parameter.minLength !== undefined && text.length < parameter.minLength) {
    return { error: `value must be at least ${parameter.minLength} characters long` };
  }
  if (parameter.enum && !parameter.enum.includes(text)) {
    const known = parameter.enum.join(", ");
    return { error: `value '${text}' does not have a value in the enumeration '${known}'` };
  }
  if (parameter.pattern && !parameter.pattern.test(text)) {
    return { error: "value does not match the regex pattern" };
  }
  if (parameter.format && !parameter.format.test.test(text)) {
    return {
      error: `invalid format - value does not look like a valid ${parameter.format.name}\n`,
    };
  }
  return text;
}
