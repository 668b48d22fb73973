import type { z } from "zod";

const SHOWN = 5;

/** The first few problems of an input, one per line with its path. */
export function describeProblems(error: z.ZodError): string {
  const lines = error.issues.slice(0, SHOWN).map((issue) => {
    const path = issue.path.map(String).join(".");
    return `  ${path === "" ? "" : `${path}: `}${issue.message}`;
  });
  const rest = error.issues.length - lines.length;
  return [...lines, ...(rest > 0 ? [`  and ${rest} more`] : [])].join("\n");
}
