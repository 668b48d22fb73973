import { type ErrorCode, Kappa4Error } from "@kappa4/connectors";

/** What a server says, or what it looks like when none is there, in words that say what to do. */
const KNOWN: readonly (readonly [RegExp, ErrorCode, string])[] = [
  [
    /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|EHOSTUNREACH|57P03|53300)$/,
    "unavailable",
    "The database of the store does not answer; look whether it runs, and whether its address is right.",
  ],
  [/^28/, "auth", "The database of the store refuses this login; check its name and password."],
  [/^3D000$/, "not_found", "There is no such database on that server; make it, empty, first."],
  [
    /^42501$/,
    "permission",
    "That login may not do this in the store; give DATABASE_OWNER_URL the login that owns the database, which must be allowed to make roles.",
  ],
];

/** Returns the error as one of ours where it is about reaching the store, and as it was otherwise. */
export function explainError(error: unknown): unknown {
  if (Kappa4Error.is(error) || !(error instanceof Error) || !("code" in error)) return error;
  const found = KNOWN.find(([pattern]) => pattern.test(String(error.code)));
  if (found === undefined) return error;
  const [, code, message] = found;
  return new Kappa4Error(code, message, { cause: error, context: { operation: "open store" } });
}
