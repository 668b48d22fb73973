import { access } from "node:fs/promises";
import { resolve } from "node:path";
import { configInvalid } from "./config-invalid.ts";
import type { Variables } from "./interpolate.ts";

/** The names that are looked for in the working directory. */
export const CONFIG_FILES = [
  "kappa4.yaml",
  "kappa4.yml",
  "kappa4.json",
  "kappa4.config.ts",
  "kappa4.config.js",
] as const;

/** Where to look for a configuration. */
export interface FindConfigOptions {
  /** Default: the process's working directory. */
  readonly directory?: string | undefined;
  /** Default: the process's environment. */
  readonly variables?: Variables | undefined;
}

/**
 * Returns the absolute path of the configuration: the path given, else what `KAPPA4_CONFIG` names, else the one
 * file of {@link CONFIG_FILES} in the directory. Throws `config_invalid` when there is none, or more than one.
 */
export async function findConfig(
  path?: string | undefined,
  options: FindConfigOptions = {},
): Promise<string> {
  const found = await lookForConfig(path, options);
  if (found !== undefined) return found;
  const { directory = process.cwd() } = options;
  const message = `No configuration in ${directory}: write kappa4.yaml there, or name a file with --config or KAPPA4_CONFIG.`;
  throw configInvalid("", [{ path: "", message }]);
}

/** Same as {@link findConfig} for who can do without: returns undefined where none is named and none is there. */
export async function lookForConfig(
  path?: string | undefined,
  options: FindConfigOptions = {},
): Promise<string | undefined> {
  const { directory = process.cwd(), variables = process.env } = options;
  const named = path ?? variables.KAPPA4_CONFIG;
  if (named !== undefined && named !== "") return resolve(directory, named);
  const present = await Promise.all(CONFIG_FILES.map((name) => isThere(resolve(directory, name))));
  const [only, ...others] = CONFIG_FILES.filter((_name, index) => present[index]);
  if (only === undefined) return undefined;
  if (others.length > 0) {
    const names = [only, ...others].join(" and ");
    const message = `${directory} holds ${names}; keep one, or name the one you mean with --config.`;
    throw configInvalid("", [{ path: "", message }]);
  }
  return resolve(directory, only);
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
