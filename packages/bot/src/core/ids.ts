import { createHash } from "node:crypto";

/** Digits and letters that are hard to take for one another, read aloud or typed. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const TRIES = 50;

/**
 * Makes a short id people can say, for example `P-7F3K`, from a long random one. Taken ids are drawn again;
 * when four letters do not suffice, six are used.
 */
export function shortId(
  prefix: string,
  createId: () => string,
  isTaken: (id: string) => boolean,
): string {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const id = `${prefix}-${letters(createId(), attempt < TRIES / 2 ? 4 : 6)}`;
    if (!isTaken(id)) return id;
  }
  return `${prefix}-${letters(createId(), 12)}`;
}

/** Returns the SHA-256 of a text, hexadecimal. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function letters(seed: string, length: number): string {
  const digest = createHash("sha256").update(seed).digest();
  return Array.from(digest.subarray(0, length), (byte) => ALPHABET[byte % 32] ?? "0").join("");
}
