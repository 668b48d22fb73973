import { readFile } from "node:fs/promises";
import { basename, dirname, extname, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { ConfigInvalidError } from "@kappa4/connectors";
import { configInvalid } from "./config-invalid.ts";
import { readFileReferences, reasonOf } from "./file-references.ts";
import { CONFIG_FILES, type FindConfigOptions, findConfig, lookForConfig } from "./find.ts";
import { interpolate, type Variables } from "./interpolate.ts";
import { dotted, type Problem } from "./issues.ts";
import { type ConfigParts, type Origin, parseFrom, parsePart } from "./parse.ts";
import { storeSettings } from "./store-settings.ts";
import type { Kappa4Config, StoreSettings } from "./types.ts";
import { isMap, mapTexts } from "./values.ts";

/** Options of {@link readConfig}. */
export interface ReadConfigOptions extends FindConfigOptions, ConfigParts {}

const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Reads a configuration: YAML or JSON with `${NAME}` and `<name>File` filled in, or a module whose default export
 * is the configuration. Without a path it is looked for as {@link findConfig} says. Throws `config_invalid` with
 * every problem, each with its path and, for YAML and JSON, its line and column.
 */
export async function readConfig(
  path?: string | undefined,
  options: ReadConfigOptions = {},
): Promise<Kappa4Config> {
  const { variables = process.env } = options;
  const { file, value, ...origin } = await readParts(path, options);
  const resolved = await readFileReferences(value, dirname(file));
  const problems = [...origin.problems, ...resolved.problems];
  const config = await parseFrom(resolved.value, { ...origin, problems }, options);
  return { ...config, store: storeSettings(config.store, file, variables) };
}

/**
 * Reads the `balancing` part of a configuration alone: variables and files that other parts name, such as credentials,
 * need not be there. Throws `config_invalid` as {@link readConfig} does.
 */
export async function readBalancing(
  path?: string | undefined,
  options: FindConfigOptions = {},
): Promise<Kappa4Config["balancing"]> {
  const { value, file: _, ...origin } = await readParts(path, options, "balancing");
  return parsePart(value, origin, "balancing");
}

/** Options of {@link readStore}. */
export interface ReadStoreOptions extends FindConfigOptions {
  /** Whether a store that the configuration leaves open is never the one of `DATABASE_URL`. Default false. */
  readonly ignoresDatabase?: boolean | undefined;
}

/**
 * Reads which store is meant: by the `store` part of a configuration alone, whose other parts may lack their
 * variables and files, and by the environment. Without any configuration a folder is one of the directory. Throws
 * `config_invalid` as {@link readConfig} does.
 */
export async function readStore(
  path?: string | undefined,
  options: ReadStoreOptions = {},
): Promise<StoreSettings> {
  const { directory = process.cwd(), variables = process.env, ignoresDatabase = false } = options;
  const defaults = ignoresDatabase ? { KAPPA4_STORE: variables.KAPPA4_STORE } : variables;
  const file = await lookForConfig(path, { directory, variables });
  if (file === undefined) return storeSettings({}, resolve(directory, CONFIG_FILES[0]), defaults);
  const { value, file: _, ...origin } = await readParts(path, options, "store");
  const own = { store: isMap(value) ? value.store : undefined };
  const resolved = await readFileReferences(own, dirname(file));
  const problems = [...origin.problems, ...resolved.problems];
  const whole = isMap(value) ? Object.assign({ ...value }, resolved.value) : value;
  return storeSettings(parsePart(whole, { ...origin, problems }, "store"), file, defaults);
}

/** Reads what stands in the file; with `only` the variables of that part alone are filled in. */
async function readParts(
  path: string | undefined,
  { directory = process.cwd(), variables = process.env }: FindConfigOptions,
  only?: string,
): Promise<Origin & { readonly value: unknown; readonly file: string }> {
  const file = await findConfig(path, { directory, variables });
  const name = shortName(file, directory);
  const isByVariable = (path ?? variables.KAPPA4_CONFIG) !== path;
  const isModule = /^\.[cm]?[jt]s$/.test(extname(file));
  const namedBy = isByVariable ? "KAPPA4_CONFIG" : "--config";
  const read = isModule
    ? await importModule(file, name)
    : await readText(file, name, { variables, namedBy, only });
  return { ...read, file };
}

function shortName(file: string, directory: string): string {
  const short = relative(directory, file);
  return short === "" || short.startsWith("..") ? file : short;
}

async function importModule(file: string, name: string): Promise<Origin & { value: unknown }> {
  const module: unknown = await import(pathToFileURL(file).href).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message.split("\n")[0] : "unknown reason";
    throw problem(name, `could not be loaded: ${reason}`, error);
  });
  const value = typeof module === "object" && module !== null ? Reflect.get(module, "default") : 0;
  if (value === undefined) {
    throw problem(name, "has no default export; write `export default defineConfig({ … })`");
  }
  return { value, source: name, at: () => undefined, interpolated: new Set(), problems: [] };
}

interface TextOptions {
  readonly variables: Variables;
  readonly namedBy: string;
  readonly only: string | undefined;
}

async function readText(
  file: string,
  name: string,
  { variables, namedBy, only }: TextOptions,
): Promise<Origin & { value: unknown }> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw problem(
      name,
      reasonOf(error).replace(/(file)$|; paths are.*/, `$1; check ${namedBy}`),
      error,
    );
  });
  if (bytes.length > MAX_BYTES) throw problem(name, "is larger than 4 MiB; is it the right file?");
  const { readYaml } = await import("./yaml-source.ts");
  const yaml = readYaml(bytes.toString("utf8").replace(/^\u{feff}/u, ""));
  if (yaml.problems.length > 0) {
    const issues = yaml.problems.map(({ message, offset }) => {
      return { path: "", message, at: `${name}:${yaml.atOffset(offset)}` };
    });
    throw configInvalid(name, issues);
  }
  if (yaml.value === null) throw problem(name, `is empty; ${basename(name)} needs \`connections\``);
  const interpolated = new Set<string>();
  const problems: Problem[] = [];
  const value = mapTexts(yaml.value, (text, path) => {
    if (only !== undefined && path[0] !== only) return text;
    const filled = interpolate(text, variables);
    if ("problem" in filled) problems.push({ path, message: filled.problem });
    if ("problem" in filled || !filled.isChanged) return text;
    interpolated.add(dotted(path));
    return filled.text;
  });
  const at = (path: readonly PropertyKey[]): string => `${name}:${yaml.at(path)}`;
  return { value, source: name, at, interpolated, problems };
}

function problem(name: string, message: string, cause?: unknown): ConfigInvalidError {
  return configInvalid(name, [{ path: "", message }], { cause });
}
