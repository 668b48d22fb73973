import { z } from "zod";

const POWERS: readonly string[] = ["", "K", "M", "G", "T"];
const SIZE = /^(\d+(?:\.\d+)?) ?([KMGT]?)(iB|B|)$/;

/**
 * Reads a size as people write it: `4 GiB` and `4G` in powers of 1024, `4 GB` in powers of 1000, `1024` in bytes.
 * Returns undefined for anything else.
 */
export function parseByteSize(text: string): number | undefined {
  const [matched, amount = "", power = "", unit] = SIZE.exec(text.trim()) ?? [];
  if (matched === undefined || (power === "" && unit === "iB")) return undefined;
  const exponent = POWERS.indexOf(power);
  const size = Number(amount) * (unit === "B" ? 1000 : 1024) ** exponent;
  return Number.isSafeInteger(Math.round(size)) ? Math.round(size) : undefined;
}

/** No memory and no disk is smaller: a smaller number is one whose unit was forgotten. */
const LEAST = 2 ** 20;

/** Accepts a number of bytes, or a text that {@link parseByteSize} reads; 0, or at least 1 MiB. */
export const byteSize: z.ZodType<number, number | string> = z
  .union([
    z.number().nonnegative(),
    z
      .string()
      .refine(
        (text) => parseByteSize(text) !== undefined,
        "must be a size such as `4 GiB`, or bytes",
      ),
  ])
  .transform((size) => (typeof size === "number" ? size : (parseByteSize(size) ?? 0)))
  .refine((bytes) => bytes === 0 || bytes >= LEAST, {
    error: ({ input }) => `is ${input} bytes; write the unit, as in \`4 GiB\``,
  });
