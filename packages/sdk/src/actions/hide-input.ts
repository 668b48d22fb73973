import { type Hide, isSecretKey, Kappa4Error } from "@kappa4/connectors";

/** Deeper than any input is; what goes on for ever is refused by its schema. */
const DEEPEST = 64;

/**
 * Returns an input without the secrets that people type or paste where they do not belong, into a reason or a name: what
 * comes of the call says them nowhere, neither the record nor the store nor an error. What stands under a key that is
 * for a secret stays, for the action.
 */
export function hideInInput(value: unknown, hide: Hide, depth: number = 0): unknown {
  if (typeof value === "string") return hide(value);
  if (typeof value !== "object" || value === null || depth >= DEEPEST) return value;
  if (Array.isArray(value)) return value.map((entry) => hideInInput(entry, hide, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  const pairs = Object.entries(value).map(([key, entry]) => [
    hide(key),
    isSecretKey(key) ? entry : hideInInput(entry, hide, depth + 1),
  ]);
  return Object.fromEntries(pairs);
}

/** Longer than any key needs to be, and short enough for the store to find it again by. */
const LONGEST_KEY = 200;

/**
 * Refuses a request key that is too long, or that holds a secret: it is kept, and two of them must not become one. Throws
 * `invalid_argument`.
 */
export function checkRequestKey(requestKey: string | undefined, hide: Hide): void {
  if (requestKey === undefined) return;
  if (requestKey.length > LONGEST_KEY) {
    const message = `The request key is longer than ${LONGEST_KEY} characters; make a shorter one.`;
    throw new Kappa4Error("invalid_argument", message);
  }
  if (hide(requestKey) === requestKey) return;
  const message = "The request key looks like a secret, and it is kept; make a random one.";
  throw new Kappa4Error("invalid_argument", message);
}
