import { Kappa4Error } from "@kappa4/connectors";

/** Deeper than any input is; what goes on for ever is refused by its schema. */
const DEEPEST = 64;

/** Half of a character that takes two: with the flag, a whole one does not match. */
const HALF = /\p{Surrogate}/u;

/** Refuses text that no database keeps, wherever it stands: with a NUL, or with half of a character. Throws `invalid_argument`. */
export function refuseUnkeepable(value: unknown, path: readonly string[] = []): void {
  if (typeof value === "string") {
    if (!HALF.test(value) && !value.includes("\0")) return;
    const where = path.length === 0 ? "" : `${path.join(".")} `;
    const message = `The input cannot be taken: ${where}holds a NUL or half of a character; take it out.`;
    throw new Kappa4Error("invalid_argument", message, { context: { target: path.join(".") } });
  }
  if (typeof value !== "object" || value === null || path.length >= DEEPEST) return;
  for (const [key, entry] of Object.entries(value)) {
    refuseUnkeepable(key, path);
    refuseUnkeepable(entry, [...path, key]);
  }
}
