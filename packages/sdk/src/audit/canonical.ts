import { Kappa4Error } from "@kappa4/connectors";
import canonicalize from "canonicalize";
import { sha256 } from "./sha256.ts";

/**
 * Writes a value as canonical JSON (RFC 8785): the same value is the same text on every machine.
 * Throws `invalid_argument` for what JSON cannot hold.
 */
export function canonicalText(value: unknown): string {
  try {
    const text = canonicalize(value);
    if (text !== undefined) return text;
  } catch (cause) {
    throw new Kappa4Error("invalid_argument", "This cannot be written as JSON.", { cause });
  }
  throw new Kappa4Error("invalid_argument", "There is nothing to write as JSON.");
}

/** Returns the SHA-256 of a value's canonical JSON: what a plan is identified by. */
export function hashOf(value: unknown): string {
  return sha256(canonicalText(value));
}
