import type { IncomingMessage } from "node:http";
import { PveError } from "../errors.ts";

const LIMIT_BYTES = 512 * 1024;

/** Reads the values of a request: query, then form or JSON body. Throws what the daemon refuses. */
export async function readValues(
  request: IncomingMessage,
  method: string,
  query: string,
): Promise<ReadonlyMap<string, unknown>> {
  const values = new Map<string, unknown>();
  addPairs(values, query);
  if (request.headers["transfer-encoding"] !== undefined) {
    throw plain(501, "chunked transfer encoding not supported");
  }
  const length = Number(request.headers["content-length"] ?? 0);
  if (method === "GET" || method === "DELETE") {
    if (length > 0) throw plain(501, `Unexpected content for method '${method}'`);
    values.delete("_dc");
    return values;
  }
  if (length > LIMIT_BYTES) throw plain(501, "for data too large");
  const body = length > 0 ? await readBody(request) : "";
  const type = request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (type === "application/json") addJson(values, body);
  else addPairs(values, body);
  values.delete("_dc");
  return values;
}

function plain(status: number, text: string): PveError {
  return new PveError(status, text, { bare: true });
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

function addPairs(values: Map<string, unknown>, text: string): void {
  for (const [name, value] of new URLSearchParams(text)) {
    const before = values.get(name);
    if (before === undefined) values.set(name, value);
    else values.set(name, Array.isArray(before) ? [...before, value] : [before, value]);
  }
}

function addJson(values: Map<string, unknown>, body: string): void {
  if (body === "") return;
  const parsed = parseJson(body);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new PveError(400, "Expected JSON object as request body");
  }
  for (const [name, value] of Object.entries(parsed)) {
    if (value !== null) values.set(name, value);
  }
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new PveError(500, "malformed JSON string, neither tag, array, object, number, string");
  }
}
