import { type Issue, isSecretKey, redactText } from "@kappa4/connectors";
import type { z } from "zod";
import { knownKeys } from "./known-keys.ts";
import { expectation, sentence } from "./sentences.ts";
import { unknownKey } from "./unknown-key.ts";

/** A problem before its path became text, so that its place in a file can still be looked up. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Says what a schema found in whole sentences: what is there, what would be right. Values are shown where they may be. */
export function problemsOf(
  error: z.ZodError,
  schema: z.ZodType,
  value: unknown,
  mayShow: (path: readonly PropertyKey[]) => boolean,
): readonly Problem[] {
  const issues = flatten(error.issues);
  const misspelt = new Set<string>();
  const unknown = issues.flatMap((issue) => {
    if (issue.code !== "unrecognized_keys") return [];
    const owner = valueAt(value, issue.path);
    return issue.keys.map((key) => {
      const known = knownKeys(schema, issue.path);
      const { meant, ...problem } = unknownKey(issue.path, key, valueAt(owner, [key]), known);
      if (meant !== undefined) misspelt.add(dotted([...issue.path, meant]));
      return problem;
    });
  });
  const others = issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") return [];
    const found = valueAt(value, issue.path);
    const shown = mayShow(issue.path) && !issue.path.some(isSecretKey) ? show(found) : undefined;
    // What is there under another name is not missing as well.
    if (found === undefined && misspelt.has(dotted(issue.path))) return [];
    return [{ path: issue.path, message: sentence(issue, found, shown) }];
  });
  return [...others, ...unknown];
}

/** Writes a path as people write it: `connections.gold.hosts.0`. */
export function dotted(path: readonly PropertyKey[]): string {
  return path.map(String).join(".");
}

/** Turns a problem into the public form. A name that cannot be one, as a token in the wrong place, is left out. */
export function toIssue(problem: Problem, at?: string | undefined): Issue {
  const path = problem.path.map((key) => (/^[\w $./-]{1,63}$/.test(String(key)) ? key : "…"));
  const issue = { path: dotted(path), message: problem.message };
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

function show(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  if (typeof value !== "string" || value === "" || value.length > 40) return undefined;
  if (redactText(value) !== value) return undefined;
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
