import { resolve } from "node:path";
import { type OpenStoreOptions, readStore } from "@kappa4/sdk";
import type { CommandInput } from "../command.ts";
import { say } from "../say.ts";
import { placesOf } from "./places.ts";
import { lookOf } from "./print.ts";

/** Options of {@link storeOf}. */
export interface WhichStoreOptions {
  /** Whether `--owner`, DATABASE_URL and DATABASE_OWNER_URL are those of another store. Default false. */
  readonly isOld?: boolean | undefined;
}

/**
 * Checks the flags and reads which store is meant: by the flags, else by the configuration, else by the environment.
 * A store that the flags name needs no configuration, and a broken one is then not looked at. What is to be said on
 * the way goes to stderr.
 */
export async function storeOf(
  input: CommandInput,
  { isOld = false }: WhichStoreOptions = {},
): Promise<OpenStoreOptions> {
  const { flags, io } = input;
  const path = flags.text("path");
  const database = flags.text("database");
  if (path !== undefined && database !== undefined) {
    flags.problem("path", "is another store than --database; leave one of them out");
  }
  if (database !== undefined) checkAddress(database, (what) => flags.problem("database", what));
  lookOf(input, io.stdout);
  flags.check();
  const { env, clock } = io;
  const onProgress = (sentence: string): void => say(io.stderr, sentence);
  const owner = isOld ? undefined : flags.text("owner");
  if (database !== undefined) {
    const ownerUrl = owner ?? (isOld ? undefined : env.DATABASE_OWNER_URL || undefined);
    return { url: database, ownerUrl, clock, onProgress };
  }
  const meant =
    path === undefined
      ? await readStore(flags.text("config"), { ...placesOf(io), ignoresDatabase: isOld })
      : { path: resolve(io.cwd, path) };
  if (meant.url !== undefined) {
    return { url: meant.url, ownerUrl: owner ?? meant.ownerUrl, clock, onProgress };
  }
  if (owner !== undefined) {
    flags.problem("owner", "is a login of a PostgreSQL; name that with --database");
    flags.check();
  }
  return { path: meant.path, clock, onProgress };
}

/** Says which store it is, without what lets people in. */
export function placeOf({ url, path = ".kappa4" }: OpenStoreOptions): string {
  if (url === undefined) return path;
  const { protocol, host, pathname } = URL.parse(url) ?? {};
  return protocol === undefined ? "a PostgreSQL" : `${protocol}//${host}${pathname}`;
}

/** Says what is wrong with the address of a database, without repeating it: it may hold a password. */
export function checkAddress(text: string, complain: (message: string) => void): void {
  if (/^postgres(ql)?:$/.test(URL.parse(text)?.protocol ?? "")) return;
  complain("must be the address of a PostgreSQL, such as postgres://host/database");
}
