import type { ClusterSnapshot } from "@kappa4/connectors";
import type { RebalanceHistory, RebalancePlan } from "./balancing/index.ts";
import type {
  FindConfigOptions,
  Kappa4Config,
  ParseConfigOptions,
  ReadConfigOptions,
  ReadStoreOptions,
  StoreSettings,
} from "./config/index.ts";

// What checks files and configurations is loaded by the first call that needs it.

/**
 * Checks a configuration given in code. Throws `config_invalid` with every problem and its path.
 */
export async function parseConfig(
  value: unknown,
  options?: ParseConfigOptions,
): Promise<Kappa4Config> {
  const config = await import("./config/index.ts");
  return config.parseConfig(value, options);
}

/**
 * Reads a configuration: YAML or JSON with `${NAME}` and `<name>File` filled in, or a module whose default export
 * is the configuration. Without a path it is looked for as `findConfig` says. Throws `config_invalid` with
 * every problem, each with its path and, for YAML and JSON, its line and column.
 */
export async function readConfig(
  path?: string | undefined,
  options?: ReadConfigOptions,
): Promise<Kappa4Config> {
  const config = await import("./config/index.ts");
  return config.readConfig(path, options);
}

/**
 * Reads the `balancing` part of a configuration alone: variables and files that other parts name, such as credentials,
 * need not be there. Throws `config_invalid` as `readConfig` does.
 */
export async function readBalancing(
  path?: string | undefined,
  options?: FindConfigOptions,
): Promise<Kappa4Config["balancing"]> {
  const config = await import("./config/index.ts");
  return config.readBalancing(path, options);
}

/**
 * Reads which store is meant: by the `store` part of a configuration alone, whose other parts may lack their
 * variables and files, and by the environment. Without any configuration a folder is one of the directory. Throws
 * `config_invalid` as `readConfig` does.
 */
export async function readStore(
  path?: string | undefined,
  options?: ReadStoreOptions,
): Promise<StoreSettings> {
  const config = await import("./config/index.ts");
  return config.readStore(path, options);
}

/**
 * Reads the text of a `cluster-snapshot` file. `source` is what messages call it, mostly its path.
 * Throws `config_invalid` with the path of each problem: not JSON, another format or version, wrong types,
 * guests on nodes that are not there, ids given twice.
 */
export async function readSnapshot(text: string, source: string): Promise<ClusterSnapshot> {
  const files = await import("./snapshot-file/index.ts");
  return files.readSnapshot(text, source);
}

/**
 * Reads the text of a `rebalance-plan` file, as `kappa4 rebalance dry-run --json` prints it. `source` is what
 * messages call it. Throws `config_invalid` with the path of each problem.
 */
export async function readPlan(text: string, source: string): Promise<RebalancePlan> {
  const files = await import("./snapshot-file/index.ts");
  return files.readPlan(text, source);
}

/**
 * Reads the text of a `rebalance-history` file, as `kappa4 rebalance apply --history FILE` keeps it. `source` is
 * what messages call it. Throws `config_invalid` with the path of each problem.
 */
export async function readHistory(text: string, source: string): Promise<RebalanceHistory> {
  const files = await import("./snapshot-file/index.ts");
  return files.readHistory(text, source);
}
