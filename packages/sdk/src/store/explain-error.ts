import { type ErrorCode, Kappa4Error } from "@kappa4/connectors";
import { DatabaseError } from "pg";
import { isPassing, type StoreOperation } from "./is-passing.ts";

/** What a server says, or what it looks like when none is there, in words that say what to do. */
const KNOWN: readonly (readonly [RegExp, ErrorCode, string])[] = [
  [/^28/, "auth", "The database of the store refuses this login; check its name and password."],
  [/^3D000$/, "not_found", "There is no such database on that server; make it, empty, first."],
  [
    /^42501$/,
    "permission",
    "That login may not do this in the store; give DATABASE_OWNER_URL the login that owns the database, which must be allowed to make roles.",
  ],
  [
    /^(23505|40...)$/,
    "conflict",
    "Somebody else made or changed the same thing in this moment; look at what is there now, and try again.",
  ],
  [
    /^(22021|22P05)$/,
    "invalid_argument",
    "A text holds a character that the store cannot keep; take it out.",
  ],
];

function away(error: Error): string {
  return `The database of the store${whereOf(error)} does not answer; look whether it runs, and whether its address is right.`;
}

/** Where nobody answered, as far as the error tells. */
function whereOf(error: object): string {
  if ("errors" in error && Array.isArray(error.errors)) {
    const [first] = error.errors;
    return typeof first === "object" && first !== null ? whereOf(first) : "";
  }
  if ("address" in error && "port" in error) return ` at ${error.address}:${error.port}`;
  return "hostname" in error ? ` at ${error.hostname}` : "";
}

const REFUSED =
  "The store could not do what Kappa4 asked of it, and nothing of it was done: a fault of Kappa4 itself; report it with what was asked for.";

/**
 * Returns the error as one of ours where it comes from the store's database, or is about reaching it, and as it was
 * otherwise. What may go through a little later stays to be told by `isPassing`.
 */
export function explainError(error: unknown, operation: StoreOperation): unknown {
  if (Kappa4Error.is(error) || !(error instanceof Error)) return error;
  const sqlState = "code" in error ? String(error.code) : "";
  const found = KNOWN.find(([pattern]) => pattern.test(sqlState));
  const options = { cause: error, context: { operation } };
  if (found !== undefined) {
    const [, code, message] = found;
    return new Kappa4Error(code, message, options);
  }
  if (!isPassing(error)) {
    return error instanceof DatabaseError ? new Kappa4Error("internal", REFUSED, options) : error;
  }
  // Whether what was last said was done, nobody can tell once the line is gone.
  const outcome = operation === "use store" ? "unknown" : "not_applied";
  return new Kappa4Error("unavailable", away(error), { ...options, outcome });
}
