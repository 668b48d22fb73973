/** Written in place of a date; the key is one that no value of ours has. */
const DATE_KEY = "$date";

/** Writes a value as JSON from which {@link fromJson} makes the same value again, dates included. */
export function toJson(value: unknown): string {
  return JSON.stringify(tagged(value)) ?? "null";
}

/** Makes the value again that {@link toJson} wrote; `json` is parsed already, as the database returns it. */
export function fromJson(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(fromJson);
  if (typeof json !== "object" || json === null) return json;
  if (DATE_KEY in json && typeof json[DATE_KEY] === "string") return new Date(json[DATE_KEY]);
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, fromJson(value)]));
}

function tagged(value: unknown): unknown {
  if (value instanceof Date) return { [DATE_KEY]: value.toISOString() };
  if (Array.isArray(value)) return value.map(tagged);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, tagged(one)]));
}
