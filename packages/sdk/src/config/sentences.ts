import type { z } from "zod";
import { closest } from "../closest.ts";

/** As many values as one takes in at a glance. */
const FEW = 12;

/** Says what is wrong with a value and what would be right, as the rest of a sentence that begins with its path. */
export function sentence(
  issue: z.core.$ZodIssue,
  found: unknown,
  shown: string | undefined,
): string {
  const own = ownMessage(issue);
  if (found === undefined) return `missing; ${own ?? `give ${expectation(issue)}`}`;
  if (issue.code === "invalid_key") {
    return `not a valid name: ${issue.issues.map((inner) => inner.message).join(", ")}`;
  }
  const meant = own === undefined ? meantOfMany(issue, found) : undefined;
  if (meant !== undefined) return `no such value; did you mean ${meant}?`;
  return own ?? `must be ${expectation(issue)}, not ${shown ?? typeName(found)}`;
}

/** Who mistyped one of sixty names wants that one, not all of them. */
function meantOfMany(issue: z.core.$ZodIssue, found: unknown): string | undefined {
  if (issue.code !== "invalid_value" || typeof found !== "string") return undefined;
  return issue.values.length > FEW ? closest(found, issue.values.map(String)) : undefined;
}

/** A schema with a message of its own says the whole predicate, better than we could. */
function ownMessage(issue: z.core.$ZodIssue): string | undefined {
  if (issue.code === "custom" && issue.params?.wanted !== undefined) return undefined;
  return /^(Invalid |Too (small|big): )/.test(issue.message) ? undefined : issue.message;
}

/** Names what a schema wanted, as the object of a sentence. */
export function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return TYPES[issue.expected] ?? issue.expected;
    case "invalid_value":
      return oneOf(issue.values.map(String));
    case "too_small":
      return size(issue.origin, "at least", issue.minimum, issue.inclusive);
    case "too_big":
      return size(issue.origin, "at most", issue.maximum, issue.inclusive);
    case "invalid_union":
      return oneOf(discriminators(issue));
    case "invalid_format":
      return `a valid ${issue.format}`;
    case "custom":
      return typeof issue.params?.wanted === "string" ? issue.params.wanted : issue.message;
    default:
      return issue.message;
  }
}

/** zod names the allowed values of a discriminator at run time, though its types do not say so. */
function discriminators(issue: z.core.$ZodIssueInvalidUnion): readonly string[] {
  const options: unknown = Reflect.get(issue, "options");
  return Array.isArray(options) ? options.map(String) : [];
}

const TYPES: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "true or false",
  int: "a whole number",
  number: "a number",
  object: "a map of keys and values",
  record: "a map of keys and values",
  string: "text",
};

function size(
  origin: string,
  bound: string,
  value: number | bigint,
  inclusive: boolean | undefined,
): string {
  if (origin === "string") return `text of ${bound} ${value} characters`;
  if (origin === "array") return `a list of ${bound} ${value}`;
  if (inclusive === false) return `${bound === "at least" ? "above" : "below"} ${value}`;
  return `${bound} ${value}`;
}

function oneOf(values: readonly string[]): string {
  if (values.length <= 1) return values.join("");
  return `one of ${values.slice(0, -1).join(", ")} or ${values.at(-1)}`;
}

function typeName(value: unknown): string {
  if (value === null) return "empty";
  if (value === "") return "an empty text";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "a map";
  return typeof value === "string" ? "this text" : `a ${typeof value}`;
}
