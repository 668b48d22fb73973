import type { ConfigInvalidError } from "@kappa4/connectors";
import type { z } from "zod";
import { configInvalid } from "../config/config-invalid.ts";
import { problemsOf, toIssue } from "../config/issues.ts";

/** What a file says it is, and what it should be. */
export interface ExpectedFormat {
  readonly format: "cluster-snapshot" | "rebalance-plan" | "rebalance-history";
  readonly version: 1;
  /** How such a file is made, for the one who gave another. */
  readonly advice: string;
}

/** 15,000 guests take about 10 MB; beyond this it is something else, and reading it would take minutes. */
const MAX_CHARACTERS = 256 * 1024 * 1024;

const OTHER: Readonly<Record<string, string>> = {
  "cluster-snapshot": "is a cluster snapshot, not a plan; give it with --snapshot",
  "rebalance-history": "is a history of moves; give it with --history",
  "rebalance-plan": "is a plan, not a cluster snapshot; give it to apply with --plan",
};

/** Parses a file that says its own format and version. Throws `config_invalid` when it is something else. */
export function parseJsonFile(text: string, source: string, expected: ExpectedFormat): unknown {
  if (text.length > MAX_CHARACTERS)
    throw refusal(source, "is larger than 256 MiB; is it the right file?");
  const body = text.replace(/^\u{feff}/u, "");
  if (body.trim() === "") throw refusal(source, `is empty; ${expected.advice}`);
  const value = parse(body, source, expected);
  const { format, version } = envelope(value);
  if (format !== expected.format) {
    const known = typeof format === "string" ? OTHER[format] : undefined;
    const wanted = `is not a ${expected.format.replace("-", " ")}: "format" must be "${expected.format}"`;
    throw refusal(source, known ?? `${wanted}; ${expected.advice}`, "format");
  }
  if (version !== expected.version) {
    const message = `must be ${expected.version}, the only version that this Kappa4 reads`;
    throw refusal(source, message, "version");
  }
  return value;
}

/** Checks a value against a schema. Throws `config_invalid` with every problem. */
export function checkFile<Output>(
  schema: z.ZodType<Output>,
  value: unknown,
  source: string,
): Output {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw configInvalid(
    source,
    problemsOf(result.error, schema, value, () => true).map((found) => toIssue(found)),
  );
}

function refusal(source: string, message: string, path = ""): ConfigInvalidError {
  return configInvalid(source, [{ path, message }]);
}

function parse(body: string, source: string, expected: ExpectedFormat): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    // The parser's own words repeat a piece of the file; only the place is taken from them.
    const words = error instanceof Error ? error.message : "";
    const end = /Unexpected end/.test(words) ? body.length : undefined;
    const place = /position (\d+)/.exec(words)?.[1] ?? end;
    const at = place === undefined ? source : `${source}:${lineAndColumn(body, Number(place))}`;
    const isCut =
      /Unexpected end|Unterminated/.test(words) || Number(place) >= body.trimEnd().length;
    const reason = isCut ? "ends in the middle; the file is cut off or" : "";
    const message = `${reason} is not JSON; ${expected.advice}`.trim();
    throw configInvalid(source, [{ path: "", message, at }], { cause: error });
  }
}

function lineAndColumn(text: string, offset: number): string {
  const before = text.slice(0, offset).split("\n");
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

function envelope(value: unknown): { readonly format?: unknown; readonly version?: unknown } {
  return typeof value === "object" && value !== null ? value : {};
}
