import { type CustomTypesConfig, types } from "pg";

/**
 * What both engines read from the text of a value, so that a row is the same from either: `bigint` and `count(*)`
 * are numbers, a number too large for that is refused rather than rounded; a date is a text; bytes are a Uint8Array.
 */
const OURS: Readonly<Record<number, (text: string) => unknown>> = {
  17: (text) => new Uint8Array(Buffer.from(text.slice(2), "hex")),
  20: toSafeNumber,
  1082: String,
  1114: String,
  1115: String,
  1182: String,
  1186: String,
  5069: String,
};

/** The decoder, in the form that `pg` asks for. */
export const decoder: CustomTypesConfig = {
  getTypeParser: (oid: number) => OURS[oid] ?? types.getTypeParser(oid, "text"),
};

/** Returns the value that a text of the store stands for. */
export function decode(oid: number, text: string | null): unknown {
  return text === null ? null : decoder.getTypeParser(oid, "text")(text);
}

/** Returns the text of a parameter, as `pg` would send it. */
export function encode(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString("hex")}`;
  if (Array.isArray(value)) return `{${value.map(encodeElement).join(",")}}`;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function encodeElement(value: unknown): string {
  if (Array.isArray(value)) return encode(value) ?? "NULL";
  const text = encode(value);
  return text === null ? "NULL" : `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}

function toSafeNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(`${text} is too large for a number: read it as text.`);
}
