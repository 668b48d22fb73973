import { resolve } from "node:path";
import type { OpenStoreOptions } from "@kappa4/sdk";
import type { CommandInput } from "../command.ts";
import { say } from "../say.ts";

/** Reads which store is meant; what it has to say on the way goes to stderr. */
export function storeOf({ flags, io }: CommandInput): OpenStoreOptions {
  const path = flags.text("path");
  const database = flags.text("database");
  if (path !== undefined && database !== undefined) {
    flags.problem("path", "is another store than --database; leave one of them out");
  }
  const { DATABASE_URL, DATABASE_OWNER_URL } = io.env;
  const url = database ?? (path === undefined ? DATABASE_URL || undefined : undefined);
  const ownerUrl = flags.text("owner") ?? (DATABASE_OWNER_URL || undefined);
  if (database !== undefined) checkAddress(database, (what) => flags.problem("database", what));
  if (flags.has("owner") && url === undefined) {
    flags.problem("owner", "is a login of a PostgreSQL; name that with --database");
  }
  flags.check();
  const onProgress = (sentence: string): void => say(io.stderr, sentence);
  const { clock } = io;
  if (url !== undefined) return { url, ownerUrl, clock, onProgress };
  return { path: resolve(io.cwd, path ?? ".kappa4"), clock, onProgress };
}

/** Says what is wrong with the address of a database, without repeating it: it may hold a password. */
export function checkAddress(text: string, complain: (message: string) => void): void {
  if (/^postgres(ql)?:$/.test(URL.parse(text)?.protocol ?? "")) return;
  complain("must be the address of a PostgreSQL, postgres://name:password@host/database");
}
