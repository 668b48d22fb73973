import { type Issue, Kappa4Error } from "@kappa4/connectors";
import type { z } from "zod";
import { problemsOf, toIssue } from "../config/issues.ts";

/** Checks what a caller gave. Throws `invalid_argument` with the path of each problem; `what` begins the sentence. */
export function parseInput<Output>(
  schema: z.ZodType<Output>,
  value: unknown,
  what: string = "The input",
): Output {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = issuesOf(schema, value, result.error);
  const problems = issues.map(({ path, message }) =>
    path === "" ? message : `${path}: ${message}`,
  );
  const message = `${what} cannot be taken: ${ended(problems.join("; "))}`;
  throw new Kappa4Error("invalid_argument", message, { context: { target: issues[0]?.path } });
}

/** What ends with a question needs no full stop. */
function ended(sentence: string): string {
  return /[.?!]$/.test(sentence) ? sentence : `${sentence}.`;
}

/** Lists what is wrong with a value, each with its path; nothing where it can be taken. */
export function issuesIn(schema: z.ZodType, value: unknown): readonly Issue[] {
  const result = schema.safeParse(value);
  return result.success ? [] : issuesOf(schema, value, result.error);
}

function issuesOf(schema: z.ZodType, value: unknown, error: z.ZodError): readonly Issue[] {
  return problemsOf(error, schema, value, () => true).map((found) => toIssue(found));
}
