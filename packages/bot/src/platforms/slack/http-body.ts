import type { IncomingMessage } from "node:http";

const MOST_BYTES = 1024 * 1024;

/** Reads a request to its end, unless it is larger than anything Slack sends. */
export async function readBody(request: IncomingMessage): Promise<Buffer | "too large"> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    const bytes: Buffer = Buffer.isBuffer(part) ? part : Buffer.from(String(part));
    size += bytes.length;
    if (size > MOST_BYTES) return "too large";
    parts.push(bytes);
  }
  return Buffer.concat(parts);
}

/** Reads the three shapes that Slack sends: JSON, a form, and a form with JSON in its field `payload`. */
export function parseBody(
  raw: Buffer,
  contentType: string | undefined,
): Record<string, unknown> | undefined {
  const text = raw.toString("utf8");
  if (contentType?.startsWith("application/json") === true) return parseJson(text);
  const form = new URLSearchParams(text);
  const payload = form.get("payload");
  return payload === null ? Object.fromEntries(form) : parseJson(payload);
}

function parseJson(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    // What is not JSON is answered with 400 by the caller.
    return undefined;
  }
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
