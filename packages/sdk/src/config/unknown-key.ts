import { closest } from "../closest.ts";
import type { Problem } from "./issues.ts";

/** What a key looks like that somebody chose; secrets mostly have digits or signs in them. */
const LIKE_A_KEY = /^[A-Za-z_-]{1,40}$/;

/**
 * Says what to do about a key that the schema does not have. Where a colon or a quote is missing, a secret can
 * stand where a key belongs: the key is shown only when it is near a known one, or has a value and looks like a key.
 */
export function unknownKey(
  owner: readonly PropertyKey[],
  key: string,
  value: unknown,
  known: readonly string[],
): Problem & { readonly meant?: string | undefined } {
  const meant = closest(key, known);
  if (meant !== undefined) {
    return { path: [...owner, key], message: `unknown key; did you mean ${meant}?`, meant };
  }
  const advice = known.length === 0 ? "remove it" : `known here are ${known.toSorted().join(", ")}`;
  if (value !== null && LIKE_A_KEY.test(key)) {
    return { path: [...owner, key], message: `unknown key; ${advice}` };
  }
  return { path: owner, message: `an unknown key, or a value without its key; ${advice}` };
}
