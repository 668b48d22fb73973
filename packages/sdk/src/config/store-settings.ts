import { dirname, resolve } from "node:path";
import type { Variables } from "./interpolate.ts";
import type { StoreSettings } from "./types.ts";

/** The folder of the embedded store, where nothing else is said. */
const FOLDER = ".kappa4";

/**
 * Fills in what a configuration leaves open about the store: the database that `DATABASE_URL` names, and else
 * the folder that `KAPPA4_STORE` names, or `.kappa4`, beside the file that the configuration was read from.
 */
export function storeSettings(
  given: StoreSettings,
  file: string | undefined,
  variables: Variables = process.env,
): StoreSettings {
  const { DATABASE_URL, DATABASE_OWNER_URL, KAPPA4_STORE } = variables;
  const folder = given.path ?? textOf(KAPPA4_STORE) ?? FOLDER;
  return {
    path: file === undefined ? folder : resolve(dirname(file), folder),
    url: given.url ?? (given.path === undefined ? textOf(DATABASE_URL) : undefined),
    ownerUrl: given.ownerUrl ?? textOf(DATABASE_OWNER_URL),
  };
}

/** An empty variable is one that is not set. */
function textOf(value: string | undefined): string | undefined {
  return value === "" ? undefined : value;
}
