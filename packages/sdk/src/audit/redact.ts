import { type Hide, isSecretKey, REDACTED, redactText } from "@kappa4/connectors";

const DEEPEST = 8;

/**
 * Turns any value into plain JSON that is safe to keep for years: secrets hidden by the names of their keys and by
 * their looks, or as `hide` does it, nothing that JSON or the store cannot hold, no deeper than eight levels.
 */
export function redact(value: unknown, hide: Hide = redactText, depth: number = 0): unknown {
  if (typeof value === "string") return hide(storable(value));
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "boolean" || value === null) return value;
  if (typeof value !== "object") return undefined;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Error) return hide(storable(sentenceOf(value)));
  if (depth >= DEEPEST) return "[too deep]";
  if (Array.isArray(value)) return value.map((entry) => redact(entry, hide, depth + 1) ?? null);
  const pairs = Object.entries(value).map(([key, entry]) => [
    hide(storable(key)),
    isSecretKey(key) && isPresent(entry) ? REDACTED : redact(entry, hide, depth + 1),
  ]);
  return Object.fromEntries(pairs);
}

/** What an error says in one line: no stack and no cause. */
function sentenceOf(error: Error): string {
  const code = "code" in error && typeof error.code === "string" ? ` (${error.code})` : "";
  return `${error.name}${code}: ${error.message}`;
}

/** Whether there is anything to hide: that a secret was set or not may be known. */
function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "" && typeof value !== "boolean";
}

/** PostgreSQL keeps no NUL in a text, and canonical JSON no half of a surrogate pair. */
function storable(text: string): string {
  return text.replaceAll("\0", "�").replaceAll(/\p{Surrogate}/gu, "�");
}
