import { z } from "zod";
import { parseByteSize } from "./sizes.ts";

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
