import { inspect } from "node:util";

const EVERYTHING = {
  depth: Number.POSITIVE_INFINITY,
  showHidden: true,
  showProxy: true,
  getters: true,
  maxArrayLength: null,
  maxStringLength: null,
  breakLength: Number.POSITIVE_INFINITY,
} as const;

/** Everything that a value can be made to show: as text, as JSON, to `util.inspect`, and an error's causes. */
export function facesOf(value: unknown): readonly (readonly [string, string])[] {
  return [
    ["text", textOf(value)],
    ["JSON", jsonOf(value)],
    ["inspect", inspect(value)],
    ["inspect, all", inspect(value, EVERYTHING)],
    ...errorsWithin(value).flatMap((error, depth): readonly (readonly [string, string])[] => [
      [`error ${depth}`, `${error.name} ${error.message} ${textOf(error)} ${jsonOf(error)}`],
      [`stack ${depth}`, String(error.stack)],
    ]),
  ];
}

/** An error, what caused it, and what it gathers. */
function errorsWithin(value: unknown, depth = 0): readonly Error[] {
  if (!(value instanceof Error) || depth > 10) return [];
  const gathered = value instanceof AggregateError ? value.errors : [];
  return [value, ...[value.cause, ...gathered].flatMap((one) => errorsWithin(one, depth + 1))];
}

function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    // An object without a prototype has no text.
    return "";
  }
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    // A ring has no JSON.
    return "";
  }
}
