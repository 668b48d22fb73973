import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { DATA_FOLDER } from "./embedded/private-folder.ts";
import type { OpenStoreOptions } from "./open.ts";

/** The folder of the embedded store, where nothing else is said. */
export const DEFAULT_PATH = ".kappa4";

/** Tells whether a store was made already, without opening it; a PostgreSQL that is named counts as one. */
export function isStoreThere({
  url,
  path = DEFAULT_PATH,
}: Pick<OpenStoreOptions, "url" | "path">): boolean {
  return url !== undefined || existsSync(join(resolve(path), DATA_FOLDER, "PG_VERSION"));
}
