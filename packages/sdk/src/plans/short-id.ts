import { randomBytes } from "node:crypto";

/** Crockford's base32: what can be taken for another letter is not in it. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 4;

/** Makes an id that people can say, for example `P-7F3K`; asks `isTaken` until one is free. */
export async function shortId(
  prefix: "P" | "A" | "R",
  isTaken: (candidate: string) => Promise<boolean>,
): Promise<string> {
  // Longer ones as the short ones run out, rather than one that names two things.
  for (let length = LENGTH; ; length++) {
    for (let tries = 0; tries < 8; tries++) {
      const letters = [...randomBytes(length)].map((byte) => ALPHABET[byte % ALPHABET.length]);
      const candidate = `${prefix}-${letters.join("")}`;
      if (!(await isTaken(candidate))) return candidate;
    }
  }
}
