import {
  CONNECTOR_KINDS,
  type ConnectorDefinition,
  type Issue,
  loadConnector,
} from "@kappa4/connectors";
import type { z } from "zod";
import { closest } from "../closest.ts";
import { coerce } from "./coerce.ts";
import { configInvalid } from "./config-invalid.ts";
import { dotted, type Problem, problemsOf, toIssue } from "./issues.ts";
import { knownKeys } from "./known-keys.ts";
import { configSchema } from "./schema.ts";
import type { Kappa4Config } from "./types.ts";
import { isMap } from "./values.ts";

/** The kinds of connector that a configuration may name. */
export interface KnownConnectors {
  readonly kinds: readonly string[];
  /** Loads the connector of a kind. Throws `unsupported` for an unknown one. */
  load(kind: string): Promise<ConnectorDefinition>;
}

/** Every connector that Kappa4 comes with. */
export const builtIn: KnownConnectors = { kinds: CONNECTOR_KINDS, load: loadConnector };

/** What a configuration is checked against, besides its own schema. */
export interface ConfigParts {
  /** Default: every connector that Kappa4 comes with. */
  readonly connectors?: KnownConnectors | undefined;
  /** Schema of the `slack` part, which the bot knows; with it the part is required. Default: not checked. */
  readonly slack?: z.ZodType | undefined;
}

/** Options of {@link parseConfig}. */
export interface ParseConfigOptions extends ConfigParts {
  /** What the messages call the thing that is read. Default `the configuration`. */
  readonly source?: string | undefined;
}

/** What a reader of files knows besides the value itself. */
export interface Origin {
  readonly source: string;
  /** Where a path stands, as `file:line:column`. */
  at(path: readonly PropertyKey[]): string | undefined;
  /** Dotted paths of texts that came from the environment, which knows no numbers and no booleans. */
  readonly interpolated: ReadonlySet<string>;
  /** Problems that were found while reading. */
  readonly problems: readonly Problem[];
}

/**
 * Checks a configuration as a whole, the options of each connector included; defaults are filled in.
 * Throws `config_invalid` with every problem, each with its path. Values of secrets are never shown.
 */
export function parseConfig(
  value: unknown,
  options: ParseConfigOptions = {},
): Promise<Kappa4Config> {
  const { source = "the configuration" } = options;
  const origin: Origin = { source, at: () => undefined, interpolated: new Set(), problems: [] };
  return parseFrom(value, origin, options);
}

/** Same as {@link parseConfig} for what was read from a file, whose places are known. */
export async function parseFrom(
  value: unknown,
  origin: Origin,
  { connectors = builtIn, slack }: ConfigParts = {},
): Promise<Kappa4Config> {
  const common = check(configSchema, value, [], origin);
  const own = await Promise.all(
    connectionsIn(value).map((entry) => checkConnection(entry, origin, connectors)),
  );
  const found = [
    ...common.problems,
    ...own.flatMap((connection) => connection.problems),
    ...(slack === undefined ? [] : checkSlack(value, slack, origin)),
  ];
  const problems = [...origin.problems, ...found.filter((problem) => !isEcho(problem, origin))];
  if (problems.length > 0 || common.data === undefined) {
    const issues = problems.map((problem) => toIssue(problem, origin.at(problem.path)));
    throw configInvalid(origin.source, inOrder(issues));
  }
  const { balancing = {}, apply = {}, connections, ...rest } = common.data;
  const checked = own.map(({ name, options }) => [name, { ...connections[name], ...options }]);
  return { ...rest, balancing, apply, connections: Object.fromEntries(checked) };
}

/**
 * Checks one part alone, and that no other part is misspelt: the rest, with its secrets, is neither needed nor looked
 * at.
 */
export function parsePart<Part extends "balancing" | "store">(
  value: unknown,
  origin: Origin,
  part: Part,
): Kappa4Config[Part] {
  const others = knownKeys(configSchema, []).filter((key) => key !== part);
  const kept = isMap(value)
    ? Object.entries(value).filter(([key]) => !others.includes(key))
    : undefined;
  const thin = kept && { ...Object.fromEntries(kept), connections: SOMEWHERE };
  const { data, problems } = check(configSchema, thin ?? value, [], origin);
  const all = [...origin.problems, ...problems];
  if (all.length > 0 || data === undefined) {
    const issues = all.map((problem) => toIssue(problem, origin.at(problem.path)));
    throw configInvalid(origin.source, inOrder(issues));
  }
  return data[part];
}

const SOMEWHERE = { somewhere: { kind: "none" } } as const;

/** As a reader meets them, from the top of the file to its end. */
function inOrder(issues: readonly Issue[]): readonly Issue[] {
  const place = ({ at = "" }: Issue): readonly number[] => {
    return /:(\d+):(\d+)$/.exec(at)?.slice(1).map(Number) ?? [0, 0];
  };
  return issues.toSorted((a, b) => {
    const [[line = 0, column = 0], [otherLine = 0, otherColumn = 0]] = [place(a), place(b)];
    return line - otherLine || column - otherColumn;
  });
}

/** What could not be read is missing to the schema too; saying it once is enough. */
function isEcho({ path }: Problem, origin: Origin): boolean {
  return origin.problems.some((reading) => {
    const place = reading.path.map((key) => String(key).replace(/File$/, ""));
    return path.length > 1 && path.every((key, index) => String(key) === place[index]);
  });
}

type Entry = readonly [string, Readonly<Record<string, unknown>> & { readonly kind: string }];

function connectionsIn(value: unknown): readonly Entry[] {
  const connections = isMap(value) ? value.connections : undefined;
  if (!isMap(connections)) return [];
  return Object.entries(connections).flatMap(([name, connection]) =>
    isMap(connection) && typeof connection.kind === "string"
      ? [[name, { ...connection, kind: connection.kind }] as const]
      : [],
  );
}

interface CheckedConnection {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly problems: readonly Problem[];
}

async function checkConnection(
  [name, { kind, balancing: _balancing, ...options }]: Entry,
  origin: Origin,
  connectors: KnownConnectors,
): Promise<CheckedConnection> {
  const path = ["connections", name];
  if (!connectors.kinds.includes(kind)) {
    const meant = closest(kind, connectors.kinds);
    const advice = meant === undefined ? "" : `; did you mean ${meant}?`;
    const message = `no such kind; known are ${connectors.kinds.join(", ")}${advice}`;
    const wrongKind = { path: [...path, "kind"], message };
    const others = meant === undefined ? [] : await problemsAs(meant);
    return { name, options, problems: [wrongKind, ...others] };
  }
  return { name, options, problems: await problemsAs(kind) };

  async function problemsAs(known: string): Promise<readonly Problem[]> {
    const definition = await connectors.load(known);
    return check(definition.options, options, path, origin).problems;
  }
}

function checkSlack(value: unknown, schema: z.ZodType, origin: Origin): readonly Problem[] {
  const slack = isMap(value) ? value.slack : undefined;
  if (slack !== undefined) return check(schema, slack, ["slack"], origin).problems;
  const message = "missing; docs/slack.md says how to make the Slack app and what to write here";
  return [{ path: ["slack"], message }];
}

const HARMLESS: ReadonlySet<PropertyKey> = new Set(["balancing", "apply"]);

interface Checked<Output> {
  readonly data: Output | undefined;
  readonly problems: readonly Problem[];
}

function check<Output>(
  schema: z.ZodType<Output>,
  value: unknown,
  base: readonly PropertyKey[],
  origin: Origin,
): Checked<Output> {
  const first = schema.safeParse(value);
  if (first.success) return { data: first.data, problems: [] };
  const isVariable = (path: readonly PropertyKey[]): boolean =>
    origin.interpolated.has(dotted([...base, ...path]));
  const retyped = coerce(value, first.error, isVariable);
  const second = retyped ? schema.safeParse(value) : first;
  if (second.success) return { data: second.data, problems: [] };
  // Connections and chat platforms hold credentials, and so may variables: their values are never shown.
  const isHarmless = (path: readonly PropertyKey[]): boolean =>
    base.length === 0 && path.some((key) => HARMLESS.has(key)) && !isVariable(path);
  const found = problemsOf(second.error, schema, value, isHarmless);
  return {
    data: undefined,
    problems: found.map(({ path, message }) => ({ path: [...base, ...path], message })),
  };
}
