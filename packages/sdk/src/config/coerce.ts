import type { z } from "zod";

/**
 * Gives texts the type that the schema asked for, where `mayChange` allows it: a variable of the environment
 * is always text, even where the schema wants a number. Changes `value` in place; returns whether it did.
 */
export function coerce(
  value: unknown,
  error: z.ZodError,
  mayChange: (path: readonly PropertyKey[]) => boolean,
): boolean {
  let changed = false;
  for (const issue of error.issues) {
    if (issue.code !== "invalid_type" || !mayChange(issue.path)) continue;
    const owner = ownerOf(value, issue.path);
    const key = issue.path.at(-1);
    if (owner === undefined || key === undefined) continue;
    const typed = retype(Reflect.get(owner, key), issue.expected);
    if (typed === undefined) continue;
    Reflect.set(owner, key, typed);
    changed = true;
  }
  return changed;
}

function ownerOf(value: unknown, path: readonly PropertyKey[]): object | undefined {
  let current = value;
  for (const key of path.slice(0, -1)) {
    if (typeof current !== "object" || current === null) return undefined;
    current = Reflect.get(current, key);
  }
  return typeof current === "object" && current !== null ? current : undefined;
}

function retype(text: unknown, wanted: string): number | boolean | undefined {
  if (typeof text !== "string" || text.trim() === "") return undefined;
  if (wanted === "boolean") return BOOLEANS[text.trim().toLowerCase()];
  const number = Number(text);
  return (wanted === "number" || wanted === "int") && Number.isFinite(number) ? number : undefined;
}

const BOOLEANS: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  "1": true,
  false: false,
  no: false,
  off: false,
  "0": false,
};
