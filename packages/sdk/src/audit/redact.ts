import { isSecretKey } from "../secret-keys.ts";

/** What stands in place of a secret. */
export const REDACTED = "[secret]";

/** What secrets look like, each with what is kept of it. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  // Tokens of Kappa4 itself.
  [/\bk4_[a-z]+_[0-9A-Za-z]{16,}/g, REDACTED],
  // Proxmox VE: an API token, with or without its scheme, a ticket, a cookie.
  [/([\w.+-]+@[\w.-]+![\w.-]+)[=:][0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, `$1=${REDACTED}`],
  [/\bPVE(AuthCookie)?[=:][^\s;,"']+/g, REDACTED],
  // What a header of that name brings, with or without its name.
  [/\b(authorization|cookie|x-api-key)\b(["']?\s*[=:]\s*["']?)[^\r\n"']+/gi, `$1$2${REDACTED}`],
  [/\b(bearer)\s+[\w.~+/=-]{8,}/gi, `$1 ${REDACTED}`],
  // Words that sentences begin with too: what follows has to look like a credential.
  [
    /\b([Bb]asic|[Dd]igest|[Nn]egotiate|[Tt]oken)\s+(?=\S*(?:[\d=]|[a-z][A-Z]))[\w.~+/=-]{8,}/g,
    `$1 ${REDACTED}`,
  ],
  // Chat platforms, and signed tokens of whoever issues them.
  [/\bx(?:ox[a-z]|app)-[\w-]{8,}/g, REDACTED],
  [/\b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}/g, REDACTED],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, REDACTED],
  // Keys as text, and what stands before the @ of an address.
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, REDACTED],
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/@]*@/gi, `$1${REDACTED}@`],
  // Somebody writes one into a sentence, or a connection string.
  [
    /\b(pass(?:word|phrase|wd)?|pwd|secret|token|api[_-]?key)(["']?\s*[=:]\s*["']?)[^\s"',;]+/gi,
    `$1$2${REDACTED}`,
  ],
];

const DEEPEST = 8;

/** Hides what looks like a secret in a text. */
export function redactText(text: string): string {
  return SECRETS.reduce((clean, [pattern, kept]) => clean.replace(pattern, kept), text);
}

/**
 * Turns any value into plain JSON that is safe to keep for years: secrets hidden by the names of their keys and by
 * their looks, nothing that JSON or the store cannot hold, no deeper than eight levels.
 */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return redactText(storable(value));
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "boolean" || value === null) return value;
  if (typeof value !== "object") return undefined;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Error) return redactText(storable(`${value.name}: ${value.message}`));
  if (depth >= DEEPEST) return "[too deep]";
  if (Array.isArray(value)) return value.map((entry) => redact(entry, depth + 1) ?? null);
  const pairs = Object.entries(value).map(([key, entry]) => [
    redactText(storable(key)),
    isSecretKey(key) && isPresent(entry) ? REDACTED : redact(entry, depth + 1),
  ]);
  return Object.fromEntries(pairs);
}

/** Whether there is anything to hide: that a secret was set or not may be known. */
function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "" && typeof value !== "boolean";
}

/** PostgreSQL keeps no NUL in a text, and canonical JSON no half of a surrogate pair. */
function storable(text: string): string {
  return text.replaceAll("\0", "�").replaceAll(/\p{Surrogate}/gu, "�");
}
