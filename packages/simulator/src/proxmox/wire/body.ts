import { PveError } from "../errors.ts";

/** The parts of a request that carry values. */
export interface ValueSource {
  readonly method: string;
  /** Without the question mark. */
  readonly query: string;
  /** Looks up a header by its lower-case name. */
  readonly header: (name: string) => string | undefined;
  readonly readBody: () => Promise<string>;
}

const LIMIT_BYTES = 512 * 1024;

/** Reads the values of a request: query, then form or JSON body. Throws what the daemon refuses. */
export async function readValues(source: ValueSource): Promise<ReadonlyMap<string, unknown>> {
  const { method, header } = source;
  const values = new Map<string, unknown>();
  addPairs(values, source.query);
  if (header("transfer-encoding") !== undefined) {
    throw plain(501, "chunked transfer encoding not supported");
  }
  const length = Number(header("content-length") ?? 0);
  if (method === "GET" || method === "DELETE") {
    if (length > 0) throw plain(501, `Unexpected content for method '${method}'`);
    values.delete("_dc");
    return values;
  }
  // Read even when it is refused: ending the connection before that could swallow the answer.
  const body = length > 0 ? await source.readBody() : "";
  if (length > LIMIT_BYTES) throw plain(501, "for data too large");
  const type = header("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type === "application/json") addJson(values, body);
  else addPairs(values, body);
  values.delete("_dc");
  return values;
}

function plain(status: number, text: string): PveError {
  return new PveError(status, text, { bare: true });
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
