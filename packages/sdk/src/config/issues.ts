import type { Issue } from "@kappa4/connectors";
import type { z } from "zod";
import { closest } from "./closest.ts";
import { knownKeys } from "./known-keys.ts";
import { isSecretKey } from "./secrets.ts";

/** A problem before its path became text, so that its place in a file can still be looked up. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Says what a schema found in whole sentences: what is there, what would be right. Never shows a secret. */
export function problemsOf(
  error: z.ZodError,
  schema: z.ZodType,
  value: unknown,
  showValues: boolean,
): readonly Problem[] {
  return flatten(error.issues).flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        path: [...issue.path, key],
        message: unknownKey(key, knownKeys(schema, issue.path)),
      }));
    }
    const found = valueAt(value, issue.path);
    const shown = showValues && !issue.path.some(isSecretKey) ? show(found) : undefined;
    return [{ path: issue.path, message: sentence(issue, found, shown) }];
  });
}

/** Writes a path as people write it: `connections.gold.hosts.0`. */
export function dotted(path: readonly PropertyKey[]): string {
  return path.map(String).join(".");
}

/** Turns a problem into the public form. */
export function toIssue(problem: Problem, at?: string | undefined): Issue {
  const issue = { path: dotted(problem.path), message: problem.message };
  return at === undefined ? issue : { ...issue, at };
}

/** A union fails in every branch; the branch that was meant is the one that got furthest. */
function flatten(issues: readonly z.core.$ZodIssue[]): readonly z.core.$ZodIssue[] {
  return issues.flatMap((issue) => {
    if (issue.code !== "invalid_union" || issue.errors.length === 0) return [issue];
    const branches = issue.errors.map((branch) => flatten(branch));
    const deepest =
      branches.toSorted((a, b) => depth(b) - depth(a) || a.length - b.length)[0] ?? [];
    if (depth(deepest) === 0 && branches.length > 1) return [merge(issue, branches)];
    return deepest.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
  });
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length + (isForm(issue) ? 0.5 : 0)));
}

/** Right type, wrong content: the value was meant for this branch. */
function isForm(issue: z.core.$ZodIssue): boolean {
  return issue.code !== "invalid_type" && issue.code !== "invalid_value";
}

/** One expectation for all branches, for the person meant one of them and nobody knows which. */
function merge(
  issue: z.core.$ZodIssue,
  branches: readonly (readonly z.core.$ZodIssue[])[],
): z.core.$ZodIssue {
  const wanted = [...new Set(branches.flat().map(expectation))].join(" or ");
  return { ...issue, code: "custom", params: { wanted } };
}

function unknownKey(key: string, known: readonly string[]): string {
  const meant = closest(key, known);
  if (meant !== undefined) return `unknown key; did you mean ${meant}?`;
  if (known.length === 0) return "unknown key; remove it";
  return `unknown key; known here are ${known.toSorted().join(", ")}`;
}

function sentence(issue: z.core.$ZodIssue, found: unknown, shown: string | undefined): string {
  if (found === undefined) return `missing; give ${expectation(issue)}`;
  const got = shown === undefined ? typeName(found) : shown;
  if (issue.code === "invalid_key") {
    return `not a valid name: ${issue.issues.map(expectation).join(", ")}`;
  }
  if (issue.code === "custom" && issue.params?.wanted === undefined) return issue.message;
  return `must be ${expectation(issue)}, not ${got}`;
}

function expectation(issue: z.core.$ZodIssue): string {
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
      // A schema with a message of its own says more than the name of a format.
      return issue.message.startsWith("Invalid ") ? `a valid ${issue.format}` : issue.message;
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
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  return typeof value === "string" ? "this text" : `a ${typeof value}`;
}

function show(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  if (typeof value !== "string" || value === "" || value.length > 40) return undefined;
  return JSON.stringify(value);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== "object" || current === null) return undefined;
    current = Reflect.get(current, key);
  }
  return current;
}
